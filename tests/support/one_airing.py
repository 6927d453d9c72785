"""One council meeting, followed from the form to the calendar of a viewer.

`follow` runs the real pages, publishing, agent and feed on a simulated clock and collects the value
at each step. `written` makes `docs/one-airing.md` of them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from support.desk import CH13, HOUR, MINUTE, NOW, a_source, an_asset
from support.page import read
from support.website import Site, post
from support.whole_system import WholeSystem

from playout.direction import director
from playout.model.events import Off
from playout.model.rundown import Cue
from scheduler.actions import filler
from scheduler.domain.model.people import Actor, Role
from scheduler.queries import host_api, meetings

SECOND = timedelta(seconds=1)
START = NOW + HOUR
"""14:00 in New York on a Sunday."""
ADJOURNED = START + HOUR + 40 * MINUTE
RANDOM_ID = re.compile(r"\b(?:[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{64})\b")
TITLE = "City Council: Regular Meeting"
BOSS = Actor("boss", "Boss", frozenset({Role.ADMINISTRATOR}))


@dataclass(frozen=True)
class Step:
    """One step: its heading, the code that takes it, three lines about it, and the value."""

    heading: str
    code: str
    words: str
    value: str


def follow(site: Site, folder: Path) -> list[Step]:
    """Plan, air and adjourn a meeting; return the steps in order."""
    film = an_asset(site.db, "Parks", length=HOUR).id
    filler.set_filler(site.db, BOSS, NOW, CH13, film, True)
    system = WholeSystem(site, folder)
    form = {
        "body": "City Council",
        "title": TITLE,
        "day": "2026-11-22",
        "at": "14:00",
        "length": "1:30",
        "televised": "y",
        "channel": "ch13",
        "source": str(a_source(site.db, "Council Chamber")),
        "same_day": "19:00",
    }
    saved = post(site.browser(Role.SCHEDULER), "/meetings", **form)
    assert saved.status_code == 303, read(saved).text
    system.run_for(60, most=10)
    planned = _planned(system, form)
    system.run_until(ADJOURNED, most=60)
    on_air = _on_air(system)
    answer = post(
        system.staff, "/channels/ch13/command", verb="adjourn", cue=system.on_air(), item=""
    )
    assert answer.status_code == 303, read(answer).text
    pressed = _pressed(system)
    system.run_for(60, most=1)
    return [*planned, *on_air, *pressed, *_told(system)]


def _planned(system: WholeSystem, form: Mapping[str, str]) -> list[Step]:
    db = system.site.db
    (view,) = meetings.meetings(db, NOW, NOW + 7 * 24 * HOUR, system.now)
    assert view.live is not None
    airing, plan = view.live, system.agent.state.plan if system.agent.state else None
    assert plan is not None
    item = next(item for item in plan.items if item.title == TITLE and item.source)
    cue = _cue(system)
    return [
        Step(
            "The form",
            "web/meetings/views.add",
            "A scheduler fills in one form and saves it.\n"
            "The view parses it into a `MeetingDraft` and calls one action.\n"
            "Times are wall time of the channel's zone; from here on everything is UTC.",
            _json({name: value for name, value in form.items() if name != "csrf_token"}),
        ),
        Step(
            "The rows",
            "scheduler/actions/meetings.add",
            "The action writes the meeting, its live airing and one airing for each replay.\n"
            "All of it, the audit entry and a new plan version are one transaction.\n"
            "The airing's id is the id of the event in every subscriber's calendar.",
            _json(
                {
                    "meeting": _lean(view.meeting.draft),
                    "live airing": airing.airing.id,
                    "replays": [
                        [each.airing.id, _utc(each.airing.draft.start)] for each in view.replays
                    ],
                }
            ),
        ),
        Step(
            "The plan",
            "scheduler/domain/air/build_plan.build_plan",
            "Within a second the scheduler process sees the new plan version and builds a `Plan`.\n"
            "An item has rules, not times: it starts hard, holds at its end, is recorded.\n"
            "`scheduler/process/publish.publish` stores it under the next revision.",
            _json(_lean(item)),
        ),
        Step(
            "The rundown",
            "playout/timing/settle.settle",
            "The host pulls the plan (`playout/host/server_sync`) and keeps it on disk.\n"
            "`settle` turns plan, journal and time into cues without a gap.\n"
            "The same function runs on the server, for every preview and prediction.",
            _json(_lean(cue)),
        ),
    ]


def _on_air(system: WholeSystem) -> list[Step]:
    state = system.agent.state
    assert state is not None
    desired = system.engine._desired
    assert desired is not None
    fact = next(fact for fact in reversed(system.facts()) if fact.cue == system.on_air())
    return [
        Step(
            "What the engine should show",
            "playout/direction/director.decide",
            "Four times a second the agent decides what should be on air now.\n"
            "It sends the engine the whole answer, so that saying it twice changes nothing.\n"
            "It is ten past the planned end here: the meeting holds, so its cue goes on.",
            _json(_lean(desired)),
        ),
        Step(
            "What was on air",
            "playout/engine/links/air_log",
            "The bus airs one picture for each tick and writes a line for each run of ticks.\n"
            "A tick is a frame: `start` is exact, and `ticks` counts pictures, not time.\n"
            "Nothing else is evidence of what viewers saw.",
            _json(_lean(fact)),
        ),
    ]


def _pressed(system: WholeSystem) -> list[Step]:
    (command,) = host_api.commands_after(system.site.db, CH13, 0)[-1:]
    system.run_for(2, most=1)
    entries = list(system.parts.journal.kept())
    fact = next(entry for entry in reversed(entries) if isinstance(entry.fact, Off))
    return [
        Step(
            "Adjourn is pressed",
            "scheduler/actions/commands.give",
            "An operator presses Adjourn and confirms the consequence the page shows.\n"
            "The command names the cue they looked at and expires after ten seconds.\n"
            "The host fetches it within half a second and obeys each id once.",
            _json(_lean(command)),
        ),
        Step(
            "The press becomes a fact",
            "playout/commands/obey.obey",
            "The host checks the command against its own state and refuses a late one.\n"
            "Obeying it gives events, journalled before anything acts on them.\n"
            "Live state is a fold over these events, so a restart comes to the same answer.",
            _json(_lean(fact)),
        ),
    ]


def _told(system: WholeSystem) -> list[Step]:
    state = system.agent.state
    assert state is not None
    current = director.on_air(state.rundown, system.now, None)
    entries = [entry.as_run for entry in system.parts.journal.kept() if entry.as_run is not None]
    (row,) = [row for row in entries if row.title == TITLE]
    event = next(each for each in system.every_event() if TITLE in str(each["summary"]))
    wanted = ("UID", "SUMMARY", "DTSTART", "DTEND", "SEQUENCE", "STATUS")
    lines = event.to_ical().decode().replace("\r\n ", "").splitlines()
    return [
        Step(
            "The schedule again",
            "playout/timing/settle.settle",
            "The next turn settles once more, with the adjournment among the facts.\n"
            "What was planned for the evening keeps its time; filler covers the time until then.\n"
            "This cue is what viewers see a minute later.",
            _json(_lean(current)),
        ),
        Step(
            "As-run",
            "playout/asrun/judge.judge",
            "When a cue is over its frames are added up and judged against the plan.\n"
            "The row is journalled; `scheduler/actions/reports.accept_report` stores it.\n"
            "Sending it twice stores it once.",
            _json(_lean(row)),
        ),
        Step(
            "The viewer's calendar",
            "scheduler/feeds/lineup.Feeds",
            "The event keeps its id and gets the true end, with the next sequence number.\n"
            "The public page says the same, as soon as the host reported it.\n"
            "A subscriber's calendar shows it at its next fetch.",
            "\n".join(line for line in lines if line.split(":")[0].split(";")[0] in wanted),
        ),
    ]


def _cue(system: WholeSystem) -> Cue:
    assert system.agent.state is not None
    return next(cue for cue in system.agent.state.rundown.cues if cue.title == TITLE and cue.source)


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _lean(value: Any) -> Any:
    """Return a value as JSON types, without the fields that hold their default."""
    return TypeAdapter(type(value)).dump_python(value, mode="json", exclude_defaults=True)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, default=str, ensure_ascii=False)


def named(text: str) -> str:
    """Return the text with each random id replaced by `id-1`, `id-2` in order of appearance."""
    names: dict[str, str] = {}
    return RANDOM_ID.sub(lambda id: names.setdefault(id[0], f"id-{len(names) + 1}"), text)


def written(steps: list[Step]) -> str:
    """Return the page."""
    parts = [
        "# One airing",
        "A council meeting from the form to the calendar of a viewer, then one press of Adjourn. "
        "The values are real: `tests/simulation/test_one_airing.py` runs this afternoon on a "
        "simulated clock and fails when a value here is no longer true. Ids are replaced by "
        "`id-1`, `id-2`; fields that hold their default are left out.",
    ]
    for number, step in enumerate(steps, 1):
        lines = "  \n".join(step.words.split("\n"))
        parts.append(f"## {number}. {step.heading}\n`{step.code}`\n\n{lines}")
        kind = "json" if step.value.startswith(("{", "[")) else "text"
        parts.append(f"```{kind}\n{step.value}\n```")
    return named("\n\n".join(parts) + "\n")
