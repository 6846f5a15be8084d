"""Freed memory goes back to the system."""

import os
import platform
from pathlib import Path

import pytest

from jobs.memory import give_back

BLOCK, MANY = 10_000, 6_000  # bytes, blocks: 60 MB


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep little")
def test_memory_between_what_is_kept_goes_back() -> None:
    blocks = [bytes([1]) * BLOCK for _ in range(MANY)]
    kept = blocks[::20]
    del blocks
    before = resident()
    give_back()
    assert before - resident() > BLOCK * MANY / 2
    assert len(kept) == MANY / 20


def test_giving_back_twice_is_no_fault() -> None:
    give_back()
    give_back()
