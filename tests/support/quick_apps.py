"""Makes the second app of a run in a fraction of the time of the first.

Nearly every test of a page makes an app of its own. Each app compiled every template it sent and
wrote the code of every address anew, which was 40 % of the processor time of such a test. The
code depends on the text of the template and on the rule alone, so it is kept for the whole run.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class CompiledTemplates(BytecodeCache):
    """Code of templates by name and content, in memory."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


class BuiltRule(Rule):
    """A rule of an address whose code is written once for all apps that have the same rule."""

    _kept: dict[Any, Callable[..., tuple[str, str]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        # The code finds converters through the rule it is bound to, so it belongs to no one map.
        if self.defaults:
            return super()._compile_builder(append_unknown)
        key = (tuple(self._trace), append_unknown)
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]


def pytest_configure() -> None:
    """Let every app of this process use both."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    Flask.url_rule_class = BuiltRule
