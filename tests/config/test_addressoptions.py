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


@pytest.mark.parametrize(
    ("options", "counts"),
    [
        ("latency=200&latency=400", {"latency": "400"}),
        ("latency=200&%6catency=", {"latency": "200"}),
        ("mode=caller&latency=200&mode=listener", {"mode": "listener", "latency": "200"}),
    ],
)
def test_a_stored_source_with_an_option_twice_opens_as_it_did_and_says_so(
    options: str, counts: dict[str, str]
) -> None:
    address = f"srt://10.0.0.5:9000?{options}"
    stored = sourceaddress.read_stored(address)

    assert (stored.query, stored.is_doubled) == (counts, True)
    with pytest.raises(NotASource, match="once"):
        sourceaddress.read(address)


def test_a_stored_source_is_otherwise_read_as_a_new_one() -> None:
    for address in ("srt://10.0.0.5:9000?latency=200", "https://tv.example.gov/a?b=1&b=2", "test:"):
        assert sourceaddress.read_stored(address) == sourceaddress.read(address)
    with pytest.raises(NotASource):
        sourceaddress.read_stored("ftp://10.0.0.5/")
