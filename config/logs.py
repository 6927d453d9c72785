"""Logs: one event a line, on standard error or in a file, as words and key=value, or as JSON."""

import json
import logging
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog

from config.child import CHILDREN_LOG
from config.log_file import RotatingLog
from config.watch_settings import WatchSettings

MEGABYTE = 1_000_000


def set_up_logs_by(settings: WatchSettings, **bound: str) -> None:
    """Send the log where the settings say, in the form they say; `bound` is on every line."""
    _set_up_as(_form(settings), bound)


def set_up_logs_for_children(settings: WatchSettings, **bound: str) -> None:
    """Set up the log of a supervisor, and leave word for its children to log as it does."""
    form = _form(settings)
    _set_up_as(form, bound)
    os.environ[CHILDREN_LOG] = json.dumps({"form": form, "bound": bound})


def take_over_logs(process: str) -> None:
    """Log as the supervisor of this child does, under the child's own name; do nothing in a process
    whose supervisor left no word.
    """
    word = os.environ.get(CHILDREN_LOG)
    if word:
        known = json.loads(word)
        _set_up_as(known["form"], known["bound"] | {"process": process})


def _form(settings: WatchSettings) -> dict[str, Any]:
    """Return the settings of the log as they travel in an environment."""
    return {
        "file": str(settings.log_file) if settings.log_file is not None else None,
        "most": settings.log_file_megabytes * MEGABYTE,
        "kept": settings.log_files_kept,
        "json": settings.log_json,
        "level": settings.log_level,
    }


def _set_up_as(form: dict[str, Any], bound: dict[str, str]) -> None:
    handler: logging.Handler | None = None
    if form["file"] is not None:
        handler = RotatingLog(Path(form["file"]), form["most"], form["kept"])
    set_up_logs(as_json=form["json"], level=form["level"], handler=handler, **bound)


def set_up_logs(
    *,
    as_json: bool = False,
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
        if as_json
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
