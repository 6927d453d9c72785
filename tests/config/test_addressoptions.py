"""The options of an address: taken apart by one rule for sources and targets."""

import pytest

from config import sourceaddress, targetgrammar
from config.addressoptions import WrittenTwiceError, options_of
from config.sourceaddress import NotASource
from config.targetaddress import NotATarget, SrtTarget


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("&a=1&&b=2&", {"a": "1", "b": "2"}),
        ("a=b=c", {"a": "b=c"}),
        ("a=x%26y%3Dz", {"a": "x&y=z"}),
        ("a=x+y", {"a": "x+y"}),
        ("a=%C3%B1", {"a": "ñ"}),
        ("a=%zz", {"a": "%zz"}),
        ("%61=1", {"a": "1"}),
        ("a", {"a": ""}),
        ("a=", {"a": ""}),
        ("=1", {"": "1"}),
    ],
)
def test_options_are_read_by_name(text: str, options: dict[str, str]) -> None:
    assert options_of(text) == options


@pytest.mark.parametrize(
    "text", ["a=1&a=2", "a=1&a=1", "a&a=1", "a=&a", "a=1&b=2&a=3", "a=1&%61=2", "%61=1&%61=2"]
)
def test_a_name_that_stands_twice_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(WrittenTwiceError, match="^Write each option of an address once.$"):
        options_of(text)


@pytest.mark.parametrize(
    "options", ["passphrase=one%20secret+1", "latency=300&passphrase=ten%26letters"]
)
def test_a_source_and_a_target_read_the_same_options(options: str) -> None:
    source = sourceaddress.read(f"srt://10.0.0.5:9000?{options}").query
    target = targetgrammar.read(f"srt://10.0.0.5:9000?{options}")

    assert isinstance(target, SrtTarget)
    assert target.passphrase.reveal() == source["passphrase"]
    assert target.latency == int(source.get("latency", "250"))


@pytest.mark.parametrize("name", ["mode=caller", "latency=200", "passphrase=tea-and-milk-1"])
def test_a_source_and_a_target_refuse_an_option_that_stands_twice(name: str) -> None:
    with pytest.raises(NotASource, match="once"):
        sourceaddress.read(f"srt://10.0.0.5:9000?{name}&{name}")
    with pytest.raises(NotATarget, match="once"):
        targetgrammar.read(f"srt://10.0.0.5:9000?{name}&{name}")
