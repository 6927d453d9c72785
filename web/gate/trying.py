"""The one place where a typed secret is checked, with a wait after failures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import ceil

from flask import abort, request

from web.front.addresses import counted_address
from web.kit import words
from web.kit.context import services


@contextmanager
def trying(account: str) -> Iterator[Callable[[], None]]:
    """Guard the check of a typed secret; the body calls the yielded function when it was wrong.

    Aborts with 429, without running the body, while this address must wait before it tries this
    account again.
    """
    tries, where, wrong = services().tries, counted_address(request.remote_addr or ""), list[bool]()
    wait = ceil(tries.wait(account, where))
    if wait:
        abort(429, f"Wait {words.a_count(wait, 'second')}, then try again.")
    try:
        yield partial(wrong.append, True)
    finally:
        (tries.failed if wrong else tries.succeeded)(account, where)
