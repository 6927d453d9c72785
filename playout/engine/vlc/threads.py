"""Threads of libVLC that call Python, and what Python keeps of each."""

import ctypes
import threading
from pathlib import Path

_TASKS = Path("/proc/self/task")
_api = ctypes.pythonapi
_api.PyThreadState_Get.restype = ctypes.c_void_p
for _of_state in (_api.PyThreadState_Clear, _api.PyThreadState_Delete):
    _of_state.argtypes = (ctypes.c_void_p,)
    _of_state.restype = None


class CallingThreads:
    """The threads of libVLC that call this process, each with a state of Python's that is kept.

    Without that Python makes a state for every call and frees it again, with a mapping of memory
    and its page faults: as much work as the call itself, 140 times a second in a deck. libVLC
    starts threads for each file, so the states of those that ended are freed by `forget_ended`.
    """

    def __init__(self) -> None:
        self._known: dict[int, int] = {}
        """Address of each thread's state, by the thread's number in the system."""

    def enter(self) -> bool:
        """Keep the state of the calling thread. Return True at its first call."""
        native = threading.get_native_id()
        if native in self._known:
            return False
        _api.PyGILState_Ensure()
        self._known[native] = _api.PyThreadState_Get()
        return True

    def forget_ended(self) -> None:
        """Free the states of threads that the system no longer has. No other may be freed: a thread
        that lives would call with it again.
        """
        for native, state in [*self._known.items()]:
            if not (_TASKS / str(native)).exists():
                del self._known[native]
                _api.PyThreadState_Clear(state)
                _api.PyThreadState_Delete(state)
