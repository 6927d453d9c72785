"""The rule by which a sender gives over because of what is seen of its output (pure).

The lease alone says who may send. The machine that stands by cannot take it from a sender that goes
on asking for it: it says what it sees, and the sender, whose link answers though its picture is
gone, offers it the stream. So a change by sight is one of those that the lease knows already, and
never have both sent.

| the standby sees \\ the sender sees of itself | right | unknown | a fault |
|---|---|---|---|
| absent | one | one | both |
| no pictures, black, frozen | nobody | one | both |
| wrong | nobody | nobody | both |
| right | nobody | nobody | nobody |
| unknown | nobody | nobody, for it sees none | one, but for *wrong* |

*Both* see a fault, *one* is believed alone, *nobody* is. Where the two contradict each other about
a picture, each compares it with its own program, and the program of either may be the wrong one. So
nothing changes, and a person looks. A stream that the standby received until now and that stopped
is another thing: the sender cannot see what becomes of it behind its port.

Worked example, in seconds. A sends. At 0 a switch drops what leaves A; both ports are up, and A
sees its stream leave right. At 0.4 B joins the group again, in case its switch had forgotten it. At
0.8 nothing has come, so B sees A's stream *absent*. B's own stream is right. A offers at once, and
gives. At 60 B freezes and both see it: B gives back. Had only one of them seen it, B would have
kept the stream until 600.
"""

from typing import Literal

from playout.model.sight import Sight, View

NS = 1_000_000_000
SETTLED_AFTER_NS = 15 * NS
"""Nanoseconds that a machine has sent before its output counts as seen."""
AGAIN_NS = {"both": 60 * NS, "one": 600 * NS}
"""Nanoseconds from one change by sight to the next, by who sees the fault: no flapping."""
FAULTS: frozenset[View] = frozenset(("absent", "no pictures", "black", "frozen", "wrong"))
_PICTURES: frozenset[View] = frozenset(("no pictures", "black", "frozen"))
_NO_PICTURE: frozenset[View] = frozenset(("absent", "no pictures"))
Believed = Literal["", "one", "both"]


def believed(standby_sees: View, sender_sees: View) -> Believed:
    """Return who sees the fault of the sender's output; empty where nobody is believed."""
    if standby_sees in ("right", "slate"):
        return ""
    if standby_sees == "unknown":
        return "one" if sender_sees in FAULTS - {"wrong"} else ""
    if standby_sees in FAULTS and sender_sees in FAULTS:
        return "both"
    if standby_sees == "absent":
        return "one"
    return "one" if sender_sees == "unknown" and standby_sees in _PICTURES else ""


def fault_to_give_for(
    sender: Sight, standby: Sight, sending_ns: int, moved_ns: int | None
) -> View | None:
    """Return the fault of its output for which the sender gives over now, or None.

    `sending_ns` is since when it has sent, `moved_ns` since when the last change by sight was, None
    for never. A standby whose own output is not seen to be right is no better, and gets nothing.
    The slate is better than no picture, and than no other fault: the standby may lack a source.
    """
    who = believed(standby.other, sender.own)
    fault = standby.other if standby.other in FAULTS else sender.own
    is_better = standby.own == "right" or (standby.own == "slate" and fault in _NO_PICTURE)
    if not who or not is_better or sending_ns < SETTLED_AFTER_NS:
        return None
    if moved_ns is not None and moved_ns < AGAIN_NS[who]:
        return None
    return fault
