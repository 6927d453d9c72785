"""A broadcast machine upgraded before its server sends only what that server reads."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.plans import DAY, plan

from config.names import AiringId, CueId, ItemId, Revision
from playout.host.mailbox import Mailbox
from playout.host.server_sync import ServerSync
from playout.model.events import On
from playout.model.machine_setup import MachineSetup
from playout.model.plan import ContentKind, Outcome, Rank
from playout.model.rundown import Cue
from playout.model.wire import (
    READS,
    READS_HEADER,
    READS_UNNAMED,
    Ack,
    AsRun,
    Commands,
    JournalEntry,
    Report,
    SeenStretch,
    Status,
    decode,
    encode,
)
from playout.model.wire_before import encode_report

OLD = json.loads(Path(__file__).with_name("report_before.json").read_text())
"""The report as the version before had it, written out by that version as a JSON schema."""
END = DAY + timedelta(minutes=5)
RUN = AsRun(
    CueId("c"), ItemId("a"), AiringId("a"), "Parks", DAY, END, DAY, END, 100, 0, 0,
    Outcome.INTERRUPTED, "deck", seen=(SeenStretch(DAY, END, "deck"),),
)  # fmt: skip
STATUS = Status(
    "ch13", "h", DAY, 0, "slate", None, None, "", None, None, 0.0, Revision(1), 0, 0, 0, 0.0,
    running=(RUN,), setup=MachineSetup("0.2.0", "1280x720@30000/1001 progressive"),
)  # type: ignore[arg-type]  # fmt: skip
CUE = Cue(CueId("c"), ItemId("a"), ContentKind.FILE, "Parks", DAY, END, Rank.HARD)
ENTRIES = (
    JournalEntry(1, "1-a", DAY, "fact", fact=On(CUE)),
    JournalEntry(2, "2-a", END, "as-run", as_run=RUN),
    JournalEntry(3, "3-a", END, "as-run", as_run=replace(RUN, outcome=Outcome.AIRED)),
)
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
    "integer": int, "number": (int, float),
}  # fmt: skip


def fits(value: Any, rule: Any) -> bool:
    """Return whether the version before reads this: no field, type or word unknown to it."""
    if "$ref" in rule:
        return fits(value, OLD["$defs"][rule["$ref"].rpartition("/")[2]])
    some = rule.get("anyOf") or rule.get("oneOf")
    if some:
        return any(fits(value, one) for one in some)
    known = rule.get("enum", [rule["const"]] if "const" in rule else None)
    if (known is not None and value not in known) or not isinstance(value, KINDS[rule["type"]]):
        return False
    if isinstance(value, list):
        return all(fits(one, rule.get("items", {"type": "null"})) for one in value)
    fields, more = rule.get("properties", {}), rule.get("additionalProperties", True)
    if not isinstance(value, dict) or more is True:
        return True
    return set(rule.get("required", ())) <= set(value) and all(
        fits(one, fields[name]) if name in fields else more and fits(one, more)
        for name, one in value.items()
    )


@pytest.mark.parametrize(("reads", "read"), [(READS_UNNAMED, True), (READS, False)])
def test_a_report_has_only_the_fields_its_server_reads(reads: int, read: bool) -> None:
    body = encode_report(Report(STATUS, None, ENTRIES), reads)
    assert fits(json.loads(body), OLD) is read
    kept = decode(Report, body)
    assert [one.id for one in kept.entries] == [one.id for one in ENTRIES]
    assert kept.entries[0] == ENTRIES[0]


def test_an_older_server_gets_every_row_and_an_upgraded_one_every_field(
    tmp_path: Path,
) -> None:
    told, upgraded = list[Report](), False

    def server(request: httpx.Request) -> httpx.Response:
        reads = {READS_HEADER: str(READS)} if upgraded else {}
        name = request.url.path.rsplit("/", 1)[1]
        if name == "plan":
            return httpx.Response(200, content=encode(plan()), headers=reads)
        if name == "commands":
            return httpx.Response(200, content=encode(Commands()), headers=reads)
        if not upgraded and not fits(json.loads(request.content), OLD):
            return httpx.Response(422, json={"error": "Report.status.running: extra"})
        told.append(decode(Report, request.content))
        return httpx.Response(200, content=encode(Ack(3, False, 1, 0), lean=True), headers=reads)

    way = httpx.MockTransport(server)
    mailbox = Mailbox(status=STATUS, entries=ENTRIES)
    sync = ServerSync(httpx.Client(base_url="http://server/", transport=way), mailbox, tmp_path)
    sync.turn()
    assert mailbox.problem == "" and mailbox.take_refused() is None
    upgraded = True
    sync.turn()
    before, after = told
    rows = [one.as_run for one in before.entries if one.as_run is not None]
    assert [(row.start, row.end, row.outcome, row.seen) for row in rows] == [
        (DAY, END, Outcome.AIRED, ())
    ] * 2
    assert (before.status.running, after.status) == ((), STATUS)
    assert after.entries == ENTRIES


@pytest.mark.parametrize("said", ["", "nonsense", "-3", "9" * 40])
def test_a_server_that_names_no_version_counts_as_an_older_one(tmp_path: Path, said: str) -> None:
    told = list[bytes]()

    def server(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("report"):
            told.append(request.content)
            return httpx.Response(200, content=encode(Ack(0, False, 1, 0), lean=True))
        body = encode(plan() if request.url.path.endswith("plan") else Commands())
        return httpx.Response(200, content=body, headers={READS_HEADER: said})

    way = httpx.MockTransport(server)
    ServerSync(
        httpx.Client(base_url="http://server/", transport=way), Mailbox(status=STATUS), tmp_path
    ).turn()
    assert fits(json.loads(told[0]), OLD)
