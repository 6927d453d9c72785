"""Amounts of disk in words: one place, so that no page rounds what is left to nothing."""

MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000


def bytes_words(count: int) -> str:
    """Write a number of bytes, rounded down: `12 GB`, or `300 MB` where it is less than one."""
    if count >= GIGABYTE:
        return f"{count // GIGABYTE} GB"
    return f"{count // MEGABYTE} MB"
