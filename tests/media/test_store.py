"""The media store: a name never lies about its bytes, whatever was interrupted."""

import hashlib
import os

import pytest

from media.store import MediaError, MediaStore, content_key

BYTES = b"gavel" * 5000
KEY = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def store(tmp_path):
    return MediaStore(tmp_path / "media")


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "Council.MP4"
    path.write_bytes(BYTES)
    return path


def test_an_added_file_is_named_by_its_hash_and_read_only(store, source):
    key, home = store.add(source)
    assert (key, home) == (KEY, store.path(KEY, ".mp4"))
    assert home.read_bytes() == BYTES
    assert home.stat().st_mode & 0o777 == 0o444
    assert store.has(KEY, ".mp4") and not source.exists()
    assert store.keys() == {KEY}


def test_the_source_stays_when_asked(store, source):
    store.add(source, keep=True)
    assert source.read_bytes() == BYTES and source.stat().st_mode & 0o200


def test_the_same_bytes_are_stored_once(store, source):
    _, home = store.add(source, keep=True)
    assert store.add(source)[1] == home
    assert len(list(store.root.rglob("*.mp4"))) == 1


def test_a_missing_source_is_reported_in_words(store, tmp_path):
    with pytest.raises(MediaError, match="gone.mp4 cannot be read"):
        store.add(tmp_path / "gone.mp4")


def test_damage_on_disk_is_noticed(store, source):
    _, home = store.add(source)
    assert store.verify(KEY)
    home.chmod(0o644)
    home.write_bytes(BYTES[:-1] + b"!")
    assert not store.verify(KEY)
    assert not store.verify("0" * 64)


@pytest.mark.parametrize("key", ["../../etc/passwd", "A" * 64, "", "0" * 63])
def test_a_key_cannot_point_outside_the_store(store, key):
    with pytest.raises(ValueError, match="not an asset key"):
        store.path(key, ".mp4")


def test_an_ending_cannot_point_outside_the_store(store):
    with pytest.raises(ValueError, match="not a file name ending"):
        store.path(KEY, "/../x")


def test_a_fetch_resumes_where_it_stopped(store):
    store.writer(KEY, ".mp4", len(BYTES)).write(BYTES[:700])
    again = store.writer(KEY, ".mp4", len(BYTES))
    assert again.offset() == 700 and not store.has(KEY, ".mp4")
    with pytest.raises(MediaError, match="Only 700 of 25000 bytes"):
        again.commit()
    again.write(BYTES[700:])
    assert again.commit().read_bytes() == BYTES
    assert store.verify(KEY) and again.offset() == 0


def test_damaged_bytes_never_become_an_asset(store):
    writer = store.writer(KEY, ".mp4", len(BYTES))
    writer.write(b"x" * len(BYTES))
    with pytest.raises(MediaError, match="damaged"):
        writer.commit()
    assert writer.offset() == 0 and not store.has(KEY, ".mp4")


def test_a_fetch_that_grew_too_long_starts_over(store):
    writer = store.writer(KEY, ".mp4", len(BYTES))
    writer.write(BYTES + b"more")
    assert writer.offset() == 0


def test_only_a_cache_evicts_and_only_the_keys_given(tmp_path, source):
    with pytest.raises(MediaError, match="only copies"):
        MediaStore(tmp_path / "media").evict([])
    cache = MediaStore(tmp_path / "cache", cache=True)
    cache.add(source, keep=True)
    other = tmp_path / "other.ts"
    other.write_bytes(b"other")
    kept, home = cache.add(other)
    os.utime(home, (1, 1))
    assert [key for key, _ in cache.oldest_first()] == [kept, KEY]
    cache.evict([KEY])
    assert cache.oldest_first() == [(kept, 5)] and cache.keys() == {kept}


def test_progress_of_hashing_ends_at_one(source):
    heard = []
    assert content_key(source, heard.append) == KEY
    assert heard[-1] == 1.0


def test_a_file_read_once_is_asked_out_of_the_page_cache(source, monkeypatch):
    asked = []
    monkeypatch.setattr(os, "posix_fadvise", lambda *arguments: asked.append(arguments[1:]))
    assert content_key(source) == KEY and asked == []
    assert content_key(source, drop_pages=True) == KEY
    assert asked == [(0, 0, os.POSIX_FADV_DONTNEED)]


@pytest.mark.parametrize("leave", [False, True])
def test_what_a_killed_process_of_the_same_number_left_is_no_hindrance(tmp_path, leave):
    store, source = MediaStore(tmp_path / "media"), tmp_path / "a.mp4"
    source.write_bytes(b"moving pictures")
    home = store.path(content_key(source), ".mp4")
    left = store._beside(home)
    os.link(source, left)
    store.add(source, leave=leave)

    assert home.read_bytes() == b"moving pictures" and not left.exists()
    assert source.exists() is leave
