"""The doctor: what is missing on a broadcast machine, and how to fix each thing."""

import ctypes
import ctypes.util
import os
import resource
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from config.clock import Clock
from config.disk import disk_finding, existing_folder
from config.finding import CHECK_FAILED, MachineFinding
from config.settings import Settings, SettingsError
from media.speech.finding import speech_findings
from playout.cli.doctor_media import media_findings
from playout.cli.doctor_music import music_findings
from playout.cli.doctor_outputs import output_finding
from playout.cli.doctor_pair import pair_findings
from playout.host.server_client import make_client
from playout.notify.finding import alert_findings
from playout.processes.stream import StreamError, encode_of, rate_of, stream_of

DATA, MEDIA = "data", "media"
FONTS = Path("/usr/share/fonts/truetype/dejavu")


def run_doctor(settings: Settings, clock: Clock) -> list[MachineFinding]:
    """Check everything a channel needs. Changes nothing and never raises."""
    checks: list[Callable[[], list[MachineFinding]]] = [
        _libvlc,
        _plugins,
        _priority,
        lambda: _disk(settings),
        lambda: _clock_sync(clock),
        _fonts,
        lambda: music_findings(settings),
        lambda: speech_findings(settings.speech_model),
        lambda: alert_findings(settings),
        lambda: _server(settings, clock),
        lambda: _channels(settings, clock),
        lambda: pair_findings(settings),
    ]
    findings: list[MachineFinding] = []
    for check in checks:
        try:
            findings += check()
        except Exception as error:  # noqa: BLE001 - one check that fails must not hide the others
            findings.append(MachineFinding("note", f"A check failed: {error}", CHECK_FAILED))
    return findings


def _libvlc() -> list[MachineFinding]:
    name = ctypes.util.find_library("vlc")
    if name is None:
        fix = "Install libVLC: apt install libvlc5 vlc-plugin-base"
        return [MachineFinding("wrong", "libVLC is not installed; nothing can be decoded.", fix)]
    library = ctypes.CDLL(name)
    library.libvlc_get_version.restype = ctypes.c_char_p
    library.libvlc_new.restype = ctypes.c_void_p
    version = (library.libvlc_get_version() or b"?").decode()
    instance = library.libvlc_new(0, None)
    if not instance:
        fix = "Install its plugins: apt install vlc-plugin-base"
        return [MachineFinding("wrong", f"libVLC {version} is here but does not start.", fix)]
    library.libvlc_release.argtypes = [ctypes.c_void_p]
    library.libvlc_release(instance)
    if not version.startswith("3."):
        text = f"libVLC {version} has not been tested with Gavel."
        return [MachineFinding("note", text, "Use libVLC 3.0.18 or later of the 3.0 series.")]
    return [MachineFinding("good", f"libVLC {version} starts.")]


def _plugins() -> list[MachineFinding]:
    folders = [*Path("/usr/lib").glob("*/vlc/plugins"), Path("/usr/lib/vlc/plugins")]
    named = os.environ.get("VLC_PLUGIN_PATH")
    folders += [Path(named)] if named else []
    installed = {
        path.name for folder in folders if folder.is_dir() for path in folder.rglob("*.so")
    }
    if not installed:
        fix = "Install them: apt install vlc-plugin-base. Or set VLC_PLUGIN_PATH."
        return [MachineFinding("note", "The folder of libVLC's plugins was not found.", fix)]
    purposes = {
        "libavcodec_plugin.so": "decodes and encodes",
        "libvmem_plugin.so": "gives frames to decks",
        "libaccess_imem_plugin.so": "takes frames for outputs",
        "libx264_plugin.so": "encodes the stream output",
        "libmux_ts_plugin.so": "writes the transport stream",
        "libaccess_output_file_plugin.so": "hands it to the relay",
    }
    lost = [f"{name} ({why})" for name, why in purposes.items() if name not in installed]
    if lost:
        fix = "Install them: apt install vlc-plugin-base"
        return [MachineFinding("wrong", f"Plugins of libVLC are missing: {', '.join(lost)}.", fix)]
    return [MachineFinding("good", "Every libVLC plugin that Gavel uses is installed.")]


def _priority() -> list[MachineFinding]:
    _, most = resource.getrlimit(resource.RLIMIT_RTPRIO)
    if os.geteuid() == 0 or most >= 10 or most == resource.RLIM_INFINITY:
        return [MachineFinding("good", "Real-time priority is allowed.")]
    fix = "The unit of a channel allows it to the service. Elsewhere: rtprio 20 in limits.conf"
    text = "Real-time priority is not allowed to this user; under load a frame may come late."
    return [MachineFinding("note", text, fix)]


def _disk(settings: Settings) -> list[MachineFinding]:
    """Check each disk once: a channel's folder and its second recordings may have their own."""
    findings, looked_at = [], set[int]()
    for name, folder in _folders(settings):
        device = existing_folder(folder).stat().st_dev
        if name in (DATA, MEDIA) or device not in looked_at:
            findings.append(disk_finding(name, folder))
        looked_at.add(device)
    return findings


def _folders(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield every folder this machine writes to, each with its purpose."""
    yield from ((DATA, settings.data_dir), (MEDIA, settings.media_root))
    for name, channel in settings.channels.items():
        yield f"channel {name}", settings.channel_dir(name)
        if channel.second_recording:
            yield f"second recordings of {name}", channel.second_recording


def _clock_sync(clock: Clock) -> list[MachineFinding]:
    """Ask the kernel whether a time service keeps its clock."""
    kept = clock.synchronized()
    fix = "Install and start a time service: apt install chrony"
    if kept is None:
        text = "The kernel does not say whether the machine's clock is synchronized."
        return [MachineFinding("note", text, fix)]
    if not kept:
        return [MachineFinding("wrong", "The machine's clock is not synchronized.", fix)]
    return [MachineFinding("good", "The machine's clock is synchronized.")]


def _fonts() -> list[MachineFinding]:
    if (FONTS / "DejaVuSans.ttf").is_file():
        return [MachineFinding("good", "The font for bulletins is installed.")]
    fix = "Install the font: apt install fonts-dejavu-core"
    return [MachineFinding("note", "Bulletins use a plain font.", fix)]


def _server(settings: Settings, clock: Clock) -> list[MachineFinding]:
    try:
        key = settings.key()
    except SettingsError as error:
        return [
            MachineFinding(
                "wrong",
                str(error),
                "Write the key from Settings, Broadcast machines into that file.",
            )
        ]
    if not key:
        fix = "Create one under Settings, Broadcast machines, and name its file in host_key_file."
        return [MachineFinding("wrong", "This machine has no host key.", fix)]
    channel = next(iter(settings.channels), "none")
    try:
        with make_client(settings.server_url, channel, key) as client:
            answer = client.get("plan")
    except httpx.HTTPError as error:
        text = f"The server {settings.server_url} does not answer: {error}"
        fix = "The channel continues by itself. Check the network, and server_url in gavel.toml."
        return [MachineFinding("note", text, fix)]
    return [_answer(answer, settings.server_url), *_apart(answer, clock.utc())]


def _answer(answer: httpx.Response, server: str) -> MachineFinding:
    if answer.status_code == 403:
        fix = "Add it to the machine under Settings, Broadcast machines."
        return MachineFinding("wrong", "This machine's host key does not cover this channel.", fix)
    if answer.status_code == 401:
        fix = "Renew it under Settings, Broadcast machines."
        return MachineFinding("wrong", "The server does not accept this machine's host key.", fix)
    if answer.status_code == 404:
        fix = (
            "Compare the name after `channels.` in gavel.toml with the short name under Settings, "
            "Channels, and start the scheduler: systemctl start gavel-scheduler"
        )
        return MachineFinding("note", "The server has no plan for this channel yet.", fix)
    if answer.is_error:
        fix = "Read its log on the server: journalctl -u gavel-web"
        return MachineFinding("note", f"The server answers {answer.status_code}.", fix)
    return MachineFinding("good", f"The server {server} answers and knows this machine.")


def _apart(answer: httpx.Response, now: datetime) -> list[MachineFinding]:
    try:
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError):
        return []
    apart = abs(now - theirs)
    if apart < timedelta(seconds=3):
        return []
    text = f"This machine and the server are {apart.total_seconds():.0f} s apart."
    return [MachineFinding("wrong", text, "Synchronize both clocks: apt install chrony")]


def _channels(settings: Settings, clock: Clock) -> list[MachineFinding]:
    if not settings.channels:
        fix = "Name one in gavel.toml: [channels.ch13] outputs = ['udp://239.1.1.1:5000']"
        return [MachineFinding("wrong", "No channel is set up on this machine.", fix)]
    findings = []
    for name, channel in settings.channels.items():
        if not channel.outputs:
            fix = f"Give it one: outputs under [channels.{name}]"
            findings.append(MachineFinding("wrong", f"{name} has no output.", fix))
        folder, now = settings.channel_dir(name), clock.utc()
        findings += [
            output_finding(name, number, text, channel.display, folder, now)
            for number, text in enumerate(channel.outputs)
        ]
        findings += _stream(settings, name)
        findings += media_findings(settings, name, now)
    return findings


def _stream(settings: Settings, channel: str) -> list[MachineFinding]:
    """Return what is wrong with the rate that the settings ask for; nothing where all is well."""
    wanted = settings.channels[channel]
    try:
        rate_of(wanted.house, encode_of(wanted), stream_of(settings, channel))
    except StreamError as error:
        fix = f"Change it under [channels.{channel}]"
        return [MachineFinding("wrong", f"{channel}: {error}", fix)]
    return []
