"""Real-time priority for the few threads that must never wait for a decoder."""

import os
import threading

REALTIME_PRIORITY = 10


def ask_for_realtime() -> bool:
    """Put the calling thread under SCHED_RR; False where the machine does not permit it."""
    try:
        os.sched_setscheduler(
            threading.get_native_id(), os.SCHED_RR, os.sched_param(REALTIME_PRIORITY)
        )
    except (PermissionError, OSError):
        return False
    return True
