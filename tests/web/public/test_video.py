"""The channel's stream for browsers: offered while it comes, and nothing else of the folder."""

import os
from pathlib import Path
from typing import Any

import pytest
from support.website import Site

from config.settings import ChannelSettings

OTHERS = ("captions3.m3u8", "17.cc3.vtt")
"""Files of another channel of captions."""


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Path:
    folder = tmp_path / "hls"
    folder.mkdir()
    site.settings.channels["ch13"] = ChannelSettings(outputs=(f"hls:{folder}",))
    for name in ("index.m3u8", "live.m3u8", "captions.m3u8", "17.ts", "17.vtt", *OTHERS):
        (folder / name).write_bytes(b"#EXTM3U\n")
    at = site.clock.utc().timestamp()
    os.utime(folder / "live.m3u8", (at, at))
    return folder


def page(site: Site) -> str:
    return site.visitor().get("/tv/ch13").text


def test_a_channel_with_hls_is_watched_on_its_page(site: Site, folder: Path) -> None:
    text = page(site)

    assert 'data-video="/tv/ch13/video/index.m3u8"' in text
    assert "Watch live" in text


def test_a_channel_without_hls_has_no_player(site: Site) -> None:
    assert "Watch live" not in page(site)


def test_a_stream_that_has_stopped_is_not_offered(site: Site, folder: Path) -> None:
    at = site.clock.utc().timestamp() - 31
    os.utime(folder / "live.m3u8", (at, at))

    assert "Watch live" not in page(site)


@pytest.mark.parametrize(
    ("name", "kind", "age"),
    [
        ("live.m3u8", "application/vnd.apple.mpegurl", 1),
        ("captions.m3u8", "application/vnd.apple.mpegurl", 1),
        ("17.ts", "video/mp2t", 600),
        ("17.vtt", "text/vtt", 600),
        ("captions3.m3u8", "application/vnd.apple.mpegurl", 1),
        ("17.cc3.vtt", "text/vtt", 600),
    ],
)
def test_playlists_and_segments_are_served(
    site: Site, folder: Path, name: str, kind: str, age: int
) -> None:
    answer = site.visitor().get(f"/tv/ch13/video/{name}", buffered=True)

    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Cache-Control"] == f"public, max-age={age}"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "name",
    ["18.ts", "secret.key", "..%2Fsecret.key", ".17.ts.new", "17.ts%00", "%D9%A1.ts", "17.cc5.vtt"],
)
def test_nothing_else_of_the_folder_is_served(site: Site, folder: Path, name: str) -> None:
    (folder / "secret.key").write_bytes(b"x")
    (folder / ".17.ts.new").write_bytes(b"x")

    assert site.visitor().get(f"/tv/ch13/video/{name}").status_code in (400, 404)


def test_another_channel_has_no_video(site: Site, folder: Path) -> None:
    assert site.visitor().get("/tv/ch14/video/live.m3u8").status_code == 404


@pytest.mark.parametrize("how", ["GET", "HEAD"])
def test_a_file_that_nobody_reads_is_closed(site: Site, folder: Path, how: str) -> None:
    visitor, address = site.visitor(), "/tv/ch13/video/17.ts"
    etag = visitor.get(address, buffered=True).headers["ETag"]
    opened: list[Any] = []
    site.app.after_request_funcs.setdefault(None, []).append(
        lambda answer: opened.append(answer.response.file) or answer
    )
    visitor.open(address, method=how, headers={"If-None-Match": etag} if how == "GET" else {})

    assert [file.closed for file in opened] == [True]
