"""What Python keeps of a foreign thread that calls it, until the thread has ended."""

import ctypes
from collections.abc import Callable

from playout.engine.vlc.threads import CallingThreads

MANY = 200
_Start = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
_api = ctypes.pythonapi
for _function in (_api.PyInterpreterState_ThreadHead, _api.PyThreadState_Next):
    _function.argtypes, _function.restype = (ctypes.c_void_p,), ctypes.c_void_p
_api.PyInterpreterState_Get.restype = ctypes.c_void_p


def states() -> int:
    """Return how many threads Python keeps a state of."""
    count, state = 0, _api.PyInterpreterState_ThreadHead(_api.PyInterpreterState_Get())
    while state:
        count, state = count + 1, _api.PyThreadState_Next(state)
    return count


def run_foreign_thread(do: Callable[[], object]) -> None:
    """Run this in a thread that Python did not start, as libVLC's are, and wait until it ended."""
    library, number = ctypes.CDLL(None), ctypes.c_ulong()

    def call(_argument: object) -> None:
        do()

    start = _Start(call)
    assert not library.pthread_create(ctypes.byref(number), None, start, None)
    assert not library.pthread_join(number, None)


def test_a_thread_keeps_its_state_between_calls_until_it_has_ended() -> None:
    threads, before, firsts = CallingThreads(), states(), list[bool]()

    def call() -> None:
        firsts.extend((threads.enter(), threads.enter()))
        threads.forget_ended()

    run_foreign_thread(call)
    assert firsts == [True, False]
    assert states() == before + 1
    threads.forget_ended()
    assert states() == before


def test_a_deck_that_plays_for_weeks_keeps_no_states_of_old_threads() -> None:
    threads, before = CallingThreads(), states()
    for _ in range(MANY):
        run_foreign_thread(threads.enter)
        threads.forget_ended()
    assert states() <= before + 1
