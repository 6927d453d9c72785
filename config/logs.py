"""Logs: one event a line, on standard error or in a file, as words and key=value, or as JSON."""

import logging
import sys
import traceback

import structlog

from config.log_file import RotatingLog
from config.watch_settings import WatchSettings

MEGABYTE = 1_000_000


def set_up_logs_by(settings: WatchSettings, **bound: str) -> None:
    """Send the log where the settings say, in the form they say; `bound` is on every line."""
    handler: logging.Handler | None = None
    if settings.log_file is not None:
        most = settings.log_file_megabytes * MEGABYTE
        handler = RotatingLog(settings.log_file, most, settings.log_files_kept)
    set_up_logs(json=settings.log_json, level=settings.log_level, handler=handler, **bound)


def set_up_logs(
    *,
    json: bool = False,
    level: str = "INFO",
    handler: logging.Handler | None = None,
    **bound: str,
) -> None:
    """Send structlog and standard logging to `handler` in one shape; to standard error without one.

    `bound` (process, channel) is on every line of this process. Times are UTC, ISO 8601.
    """
    structlog.contextvars.bind_contextvars(**bound)
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    render: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.processors.KeyValueRenderer(
            key_order=["timestamp", "level", *bound, "logger", "event"], drop_missing=True
        )
    )
    handler = handler or logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    quiet_libraries()


def quiet_libraries() -> None:
    """Keep libraries from logging each call: some repeat addresses, which may hold keys."""
    for name in ("apscheduler", "httpx", "httpcore", "urllib3", "requests", "apprise"):
        logging.getLogger(name).setLevel("WARNING")


def where(error: BaseException) -> str:
    """Return the traceback of an error and its causes without their messages: a library repeats its
    input in a message, and the input may hold a key.
    """
    lines = [f"\n{type(error).__name__}:"]
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
    beneath = error.__cause__ or error.__context__
    return "\n".join(lines) + (where(beneath) if beneath is not None else "")
