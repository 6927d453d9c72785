"""The rule for web addresses: nothing in one may end a line or break out of its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.webaddress import LONGEST_ADDRESS, NotAnAddress, problem, read, usable


@pytest.mark.parametrize(
    "text",
    [
        "https://tv.example.gov/live",
        "http://tv.example.gov:8080/a?b=c#d",
        "HTTPS://TV.EXAMPLE.GOV",
        "https://[2001:db8::1]/x",
        "https://räte.example/straße",
        "",
    ],
)
def test_a_valid_address_is_kept_as_typed(text: str) -> None:
    assert (read(text), problem(text)) == (text, "")


@pytest.mark.parametrize(
    "text",
    [
        "https://tv.example.gov/a\nb",
        "https://tv.example.gov/\r\nX-Evil: 1",
        "https://tv.example.gov/\x07",
        "https://tv.example.gov/\x00",
        "https://tv.example.gov/\x85",
        "https://tv.example.gov/\u2028",
        "https://tv.example.gov/\u202egov",
        "https://tv.example.gov/\ud800",
        "https://tv.example.gov/a b",
        "https://tv.example.gov/\u00a0",
        " https://tv.example.gov",
        "https://tv.example.gov\n",
        "https://",
        "https:///path",
        "https://[half",
        "https://tv.example.gov:port",
        "javascript:alert(1)",
        "ftp://tv.example.gov",
        "tv.example.gov",
        "https://" + "a" * LONGEST_ADDRESS,
    ],
)
def test_text_that_is_no_address_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(NotAnAddress) as refused:
        read(text)
    assert str(refused.value) == problem(text) != ""
    assert usable(text) == ""


@given(st.text())
def test_nothing_that_ends_a_line_is_ever_usable(text: str) -> None:
    made = usable("https://tv.example/" + text)

    assert made == "" or (made.isprintable() and made.splitlines() == [made])
    assert usable(text) in ("", text)
