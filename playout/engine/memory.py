"""Memory that a process has freed, given back to the machine."""

import ctypes


def give_back_memory() -> bool:
    """Return freed memory to the system, which glibc would keep. Return True, also where the C
    library has nothing of the kind: there is no more to do.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return True
