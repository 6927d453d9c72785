"""The tracks of a file as libVLC itself sees them."""

import ctypes
from dataclasses import replace
from fractions import Fraction
from typing import Any

import vlc

from playout.engine.vlc.callbacks import VlcTrack
from playout.engine.vlc.tracks import FileTracks

_SWAPS_SIDES = 4
"""Orientations from this number on lie on their side."""
_AUDIO, _VIDEO = 0, 1


def tracks_of(media: Any) -> FileTracks:
    """Return the tracks of a media that was parsed."""
    tracks = FileTracks()
    seconds = media.get_duration() / 1000 if media.get_duration() > 0 else None
    library, table = vlc.dll, ctypes.POINTER(ctypes.POINTER(VlcTrack))()
    count = library.libvlc_media_tracks_get(media._as_parameter_, ctypes.byref(table))
    for index in range(count):
        tracks = _with_track(tracks, table[index].contents)
    if count:
        library.libvlc_media_tracks_release(table, ctypes.c_uint(count))
    return replace(tracks, seconds=seconds)


def _with_track(tracks: FileTracks, track: Any) -> FileTracks:
    if track.type == _AUDIO:
        return replace(tracks, has_sound=True)
    if track.type != _VIDEO or tracks.has_picture:
        return tracks
    video = ctypes.cast(track.detail, ctypes.POINTER(vlc.VideoTrack)).contents
    width, height = video.width, video.height
    sar = Fraction(video.sar_num or 1, video.sar_den or 1)
    if int(video.orientation.value) >= _SWAPS_SIDES:
        width, height, sar = height, width, 1 / sar
    over, under = video.frame_rate_num, video.frame_rate_den
    rate = Fraction(over, under) if over and under else None
    return FileTracks(width, height, sar, rate, True, tracks.has_sound)
