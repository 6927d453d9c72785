"""What stands on the wire, byte for byte where a reader of another version depends on it."""

import json
from typing import get_args

import pytest
from support.plans import DAY, at, clips, item, live, media, minutes, page, plan, policy

from config.names import AiringId, AssetKey, CueId, ItemId
from playout.host.journal_memory import as_run_id
from playout.model.commands import Command, Verb
from playout.model.events import (
    Absent,
    Alerted,
    Begun,
    Cleared,
    Event,
    Extended,
    Failed,
    Held,
    LiveClosed,
    Marked,
    Message,
    MessagePlacement,
    Off,
    On,
    Overridden,
    Recessed,
    Recorded,
    Resumed,
    Retried,
    SignalBack,
    SignalLost,
    Skipped,
)
from playout.model.graphic_events import BugSet, Keyed, Unkeyed
from playout.model.graphics import LowerThird
from playout.model.loudness import Measured
from playout.model.plan import Plan
from playout.model.recording import Recording, RecordingGap, RecordingState
from playout.model.rundown import Rundown
from playout.model.wire import Ack, Commands, JournalEntry, WireError, decode, encode
from playout.state.air_state import AirState
from playout.timing.settle import settle


def test_a_plan_comes_back_as_it_was_sent() -> None:
    sent = plan(
        live("council", at("10:00"), minutes(120)), filler=clips(30), board=(page(),),
        policies=(policy("night", at("1:00"), at("5:00"), *clips(20)),),
    )  # fmt: skip

    assert decode(Plan, encode(sent)) == sent


def test_a_rundown_comes_back_as_it_was_sent() -> None:
    sent = settle(plan(item("replay", at("10:00"), minutes(5))), AirState(), DAY)

    assert decode(Rundown, encode(sent)) == sent


def test_a_command_has_this_form() -> None:
    command = Command("c1", 7, Verb.TAKE, at("10:00"), at("10:00:10"), "ann", CueId("x"))

    assert json.loads(encode(Commands((command,)))) == {
        "commands": [
            {
                "id": "c1",
                "number": 7,
                "verb": "take",
                "issued_at": "2026-11-20T10:00:00Z",
                "expires_at": "2026-11-20T10:00:10Z",
                "actor": "ann",
                "cue": "x",
                "item": None,
                "minutes": None,
                "source": None,
                "until": None,
                "text": "",
                "placement": "strip",
            }
        ],
        "version": 2,
    }


OF_VERSION_1 = """{"commands": [{"id": "c1", "number": 7, "verb": "take",
    "issued_at": "2026-11-20T10:00:00Z", "expires_at": "2026-11-20T10:00:10Z", "actor": "ann",
    "cue": "x", "item": null, "minutes": null}], "version": 1}"""


def test_the_version_before_is_read_as_it_was_written() -> None:
    (heard,) = decode(Commands, OF_VERSION_1).commands

    assert (heard.verb, heard.source, heard.text) == (Verb.TAKE, None, "")


def test_journal_facts_keep_their_kind() -> None:
    cue = settle(plan(), AirState(), DAY).cues[0]
    said = Message("m", "Boil water.", MessagePlacement.FULL, DAY, at("1:00"), "ann")
    kept = Recording(
        AiringId("a"),
        RecordingState.WHOLE,
        DAY,
        media("a", minutes(9)),
        (RecordingGap(DAY, at("1")),),
    )
    facts = (
        On(cue),
        Off(cue.id, DAY, "provisional"),
        Skipped(ItemId("a"), DAY),
        Held(ItemId("a"), DAY),
        Extended(ItemId("a"), minutes(15), DAY),
        Failed(DAY, "no pictures", ItemId("a"), AssetKey("b" * 64)),
        Retried(DAY, ItemId("a")),
        Absent(at("1:00"), (cue.id,)),
        Marked(ItemId("a"), DAY, at("1:00")),
        Begun(ItemId("a"), DAY, "signal"),
        Recessed(ItemId("a"), DAY),
        Resumed(ItemId("a"), DAY),
        LiveClosed(ItemId("a"), DAY, "no signal"),
        SignalLost("chamber", DAY),
        SignalBack("chamber", DAY),
        Recorded(DAY, kept),
        Overridden(cue.id, DAY, at("1:00"), "ann"),
        Alerted(said),
        Cleared(DAY, "ann"),
        Keyed(LowerThird("g", "Ann Lee", "Mayor"), DAY, "ann"),
        Unkeyed("crawl", DAY, "ann"),
        BugSet(False, DAY, "ann"),
        Measured(cue.id, DAY, 60.0, -23.9, -2.4),
    )
    every_kind, _ = get_args(Event)
    assert {type(fact) for fact in facts} == set(get_args(every_kind))
    for fact in facts:
        sent = JournalEntry(1, "a-1", DAY, "fact", fact=fact)

        assert decode(JournalEntry, encode(sent)) == sent


def test_an_unknown_field_is_refused_by_name() -> None:
    body = json.loads(encode(Ack(1, False, 2, 3)))
    body["colour"] = "red"

    with pytest.raises(WireError, match="Ack.colour"):
        decode(Ack, json.dumps(body))


def test_an_unknown_field_deep_inside_a_plan_is_refused() -> None:
    body = json.loads(encode(plan(item("a", at("10:00"), minutes(5)))))
    body["items"][0]["media"]["codec"] = "new"

    with pytest.raises(WireError, match="codec"):
        decode(Plan, json.dumps(body))


def test_a_message_from_the_future_is_refused() -> None:
    body = json.loads(encode(Ack(1, False, 2, 3)))
    body["version"] = 3

    with pytest.raises(WireError, match="version 3"):
        decode(Ack, json.dumps(body))


@pytest.mark.parametrize("body", ["", "{", "null", "[]", '{"version": 1}'])
def test_a_body_that_is_no_message_is_refused(body: str) -> None:
    with pytest.raises(WireError):
        decode(Ack, body)


def test_a_rundown_with_a_hole_is_refused() -> None:
    body = json.loads(encode(settle(plan(item("a", at("10:00"), minutes(5))), AirState(), DAY)))
    body["cues"][0]["end"] = body["cues"][0]["start"]

    with pytest.raises(WireError):
        decode(Rundown, json.dumps(body))


def test_item_ids_are_plain_text() -> None:
    assert json.loads(encode(plan(item("a", at("10:00"), minutes(5)))))["items"][0]["id"] == ItemId(
        "a"
    )


def test_an_answer_with_nothing_new_to_say_is_read_by_the_version_before() -> None:
    plain = json.loads(encode(Ack(3, True, 1, 0, ("chamber",)), lean=True))

    assert plain.keys() <= {
        "acknowledged", "watching", "plan_revision", "command_number", "looking", "version",
    }  # fmt: skip
    assert decode(Ack, json.dumps(plain)) == Ack(3, True, 1, 0, ("chamber",))
    lacking = Ack(0, False, 1, 0, resume_after="")
    assert decode(Ack, encode(lacking, lean=True)) == lacking


def _one_entry(**over: object) -> str:
    run = {
        "cue": "c", "item": None, "airing": None, "title": "Film", "ticks": 1, "held": 0,
        "dropped": 0, "outcome": "aired", "layer": "deck",
        **dict.fromkeys(("planned_start", "planned_end", "start", "end"), "2026-11-20T10:00:00Z"),
    }  # fmt: skip
    entry = {"number": 1, "id": "j1", "at": "2026-11-20T10:00:00Z", "kind": "as-run"}
    given = {name: over.pop(name) for name in [*over] if name in entry}
    return json.dumps({**entry, **given, "as_run": {**run, **over}})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start", "0001-01-01T00:00:00Z"),
        ("start", "9998-01-01T00:00:00Z"),
        ("start", "2026-11-20T10:00:00"),
        ("end", 1e300),
        ("at", "0001-01-01T00:00:00Z"),
        ("number", 2**63),
        ("ticks", 2**63),
        ("ticks", -1),
        ("first_tick", 2**63),
        ("title", "x" * 401),
        ("cue", "x" * 121),
        ("id", "x" * 161),
        ("layer", "<b>"),
        ("outcome", "fine"),
        ("reason", "x" * 20_001),
    ],
)
def test_values_beyond_their_bounds_are_refused_without_repeating_them(
    field: str, value: object
) -> None:
    assert decode(JournalEntry, _one_entry()).number == 1
    with pytest.raises(WireError) as refused:
        decode(JournalEntry, _one_entry(**{field: value}))

    assert field in str(refused.value) and str(value) not in str(refused.value)
    assert refused.value.__suppress_context__, "the error beneath repeats what was sent"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e13"])
def test_an_infinite_or_undefined_number_is_refused(number: str) -> None:
    sent = encode(plan(filler=clips(30))).replace(
        b'"gain_db":0.0', b'"gain_db":%b' % number.encode()
    )

    with pytest.raises(WireError, match="gain_db"):
        decode(Plan, sent)


def test_control_characters_never_go_over_the_wire() -> None:
    words = "a\x00b\x08c\x1fd\x7fe\\u0000f\tg\nh"
    entry = JournalEntry(1, "j1", DAY, "alarm", text=words)

    assert decode(JournalEntry, encode(entry)).text == "a b c d e\\u0000f\tg\nh"


def test_the_id_of_an_as_run_row_fits_whatever_the_cue_is_called() -> None:
    """The id of a cue is 59 letters for a file on a real server; as-run ids are longer still."""
    cue = CueId(f"{'a' * 32}@20261120T100000.{'f' * 8}#1")
    for longest in (cue, CueId("c" * 120)):
        name = as_run_id(longest, at("10:00"))
        entry = JournalEntry(1, name, at("10:00"), "alarm", text="x")

        assert decode(JournalEntry, encode(entry)).id == name
