"""The doctor's look at the music of each channel."""

from config.finding import MachineFinding
from config.settings import Settings
from playout.engine.music.songs import is_playable, songs_of


def music_findings(settings: Settings) -> list[MachineFinding]:
    """Check the folder of music of each channel that has one."""
    findings = []
    for name, channel in settings.channels.items():
        if channel.music is None:
            continue
        songs = songs_of(channel.music)
        good = [song for song in songs if is_playable(song.path)]
        words = f"Music of {name}: {len(good)} of {len(songs)} files in {channel.music} can play."
        fix = "Put music files there (MP3, WAV, FLAC, M4A, Ogg), readable to Gavel's user."
        if good and len(good) == len(songs):
            findings.append(MachineFinding("good", words))
        else:
            findings.append(MachineFinding("note" if good else "wrong", words, fix))
    return findings
