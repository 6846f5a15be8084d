"""Freed memory goes back to the system: texts come and go by the thousand, and what is kept lies between them."""

import ctypes
import sys


def give_back() -> None:
    """Some milliseconds for a hundred megabytes. Only glibc keeps so much that it is worth asking; others pass."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
