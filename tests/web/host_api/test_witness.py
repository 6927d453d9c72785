"""The server's vote on which machine of a channel may send, over the real door."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from support.air_machine import DOOR
from support.desk import ADMIN, NOW
from support.website import Site

from config.settings import Settings
from playout.lease.messages import VoteAnswer, VoteRequest
from playout.lease.voter import LEASE_NS
from playout.model.wire import decode, encode
from playout.pair.witness import ServerWitness, WitnessError
from scheduler.actions import hosts
from scheduler.db.store import Database, DatabaseError
from scheduler.queries import people
from web import create_app
from web.kit import witness
from web.kit.witness import KEYS_KEPT, votes

LEASE = timedelta(microseconds=LEASE_NS / 1000)
VOTE = f"{DOOR}/vote"


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine read the keys at the first request."""
    monkeypatch.setattr(witness, "KEYS_PATIENCE", 20.0)


def asked(site: Site, key: dict[str, str], machine: str = "a-1", term: int = 1) -> Any:
    return site.visitor().post(VOTE, headers=key, data=encode(VoteRequest(machine, term)))


def granted(site: Site, key: dict[str, str], machine: str = "a-1", term: int = 1) -> bool:
    answer = asked(site, key, machine, term)
    assert answer.status_code == 200
    return decode(VoteAnswer, answer.data).granted


def begun(site: Site) -> dict[str, str]:
    """Let the witness begin, and the time pass for which it promises nothing; return a key."""
    key = site.host_key()
    assert not granted(site, key)
    site.clock.advance(LEASE)
    return key


def test_one_machine_has_the_vote_until_its_promise_has_run_out(site: Site) -> None:
    key = begun(site)
    assert granted(site, key, "a-1", 1)
    assert not granted(site, key, "b-1", 2)
    site.clock.advance(LEASE)
    assert granted(site, key, "b-1", 2)
    assert not granted(site, key, "a-1", 1)


def test_a_restarted_server_promises_nothing_while_a_promise_may_last(site: Site) -> None:
    key = begun(site)
    assert granted(site, key, "a-1", 1)
    site.app.extensions["gavel"].witness.close()
    site.app = create_app(site.settings, site.db, site.clock)
    assert not granted(site, key, "b-1", 2)
    site.clock.advance(LEASE)
    assert granted(site, key, "b-1", 2)


def test_a_second_process_of_the_server_has_no_vote(site: Site) -> None:
    key = begun(site)
    assert granted(site, key, "a-1", 1)
    other = create_app(site.settings, site.db, site.clock).test_client()
    for _ in range(3):
        wish = encode(VoteRequest("b-1", 2))
        assert other.post(VOTE, headers=key, data=wish).status_code == 503
        site.clock.advance(LEASE)


def test_a_server_that_is_no_witness_says_so(site: Site) -> None:
    key, settings = site.host_key(), site.settings.model_copy(update={"witness": False})
    client = create_app(settings, site.db, site.clock).test_client()
    answer = client.post(VOTE, headers=key, data=encode(VoteRequest("a-1", 1)))
    assert answer.status_code == 404 and "server_url" in answer.get_json()["error"]


def test_a_stranger_and_a_revoked_key_have_no_say(site: Site) -> None:
    key = begun(site)
    assert asked(site, {"Authorization": "Bearer x"}).status_code == 401
    assert asked(site, {}).status_code == 401
    hosts.revoke_host(site.db, ADMIN, NOW, people.hosts(site.db)[0].id)
    site.clock.advance(timedelta(seconds=KEYS_KEPT))
    assert asked(site, key).status_code == 401


def test_a_vote_needs_a_channel_that_exists_and_a_key_that_covers_it(site: Site) -> None:
    key = begun(site)
    wish = encode(VoteRequest("a-1", 1))
    path = "/api/v1/host/ch99/vote"
    assert site.visitor().post(path, headers=key, data=wish).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{}", b"[" * 5000, b'{"machine":"a","term":-1}'])
def test_a_wish_that_cannot_be_read_is_refused(site: Site, body: bytes) -> None:
    key = begun(site)
    assert site.visitor().post(VOTE, headers=key, data=body).status_code == 422


def test_the_vote_goes_on_while_the_database_is_away(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = begun(site)

    def away(_self: Database) -> Any:
        raise DatabaseError("away")

    monkeypatch.setattr(Database, "read", away)
    for _ in range(3):
        site.clock.advance(timedelta(seconds=KEYS_KEPT))
        assert granted(site, key, "a-1", 1)


def test_the_machine_s_own_way_of_asking_is_understood(site: Site) -> None:
    key = begun(site)
    word = key["Authorization"].removeprefix("Bearer ")
    transport = httpx.WSGITransport(app=site.app)
    asking = ServerWitness(site.settings.base_url, "ch13", word, transport)

    assert asking.ask(VoteRequest("a-1", 1)) == VoteAnswer(True, 1, "a-1", LEASE_NS // 1_000_000)
    assert not asking.ask(VoteRequest("b-1", 2)).granted
    assert asking.ask(VoteRequest("b-1", 0, "look")).holder == "a-1"
    assert asking.ask(VoteRequest("a-1", 1, "free")).granted
    with pytest.raises(WitnessError):
        ServerWitness(site.settings.base_url, "ch13", "no key", transport).ask(
            VoteRequest("a-1", 1)
        )


@pytest.mark.parametrize(
    ("said", "url", "may_vote"),
    [
        (None, "", True),
        (None, "postgresql+psycopg://gavel@db/gavel", False),
        (True, "postgresql+psycopg://gavel@db/gavel", True),
        (False, "", False),
    ],
)
def test_a_server_that_may_not_be_alone_votes_only_where_it_is_told_to(
    said: bool | None, url: str, may_vote: bool
) -> None:
    """Two servers with a vote each could let two machines send at once."""
    assert votes(Settings(witness=said, database_url=url)) is may_vote
