"""Findings and restarts in sentences for staff (pure). A sentence stays while its fault lasts."""

from playout.engine.watching.judge import Finding
from playout.engine.watching.remedy import Remedy, Thing
from playout.model.leaving import Fault

_FAULTS: dict[Fault, str] = {
    Fault.NO_STREAM: "No stream leaves: nothing has come for seconds",
    Fault.NO_PICTURES: "The stream that leaves has no pictures",
    Fault.BLACK: "The picture that leaves is black, and the program is not",
    Fault.FROZEN: "The picture that leaves stands still, and the program moves",
    Fault.WRONG: "The picture that leaves is not that of the program",
    Fault.SILENT: "The stream that leaves is silent, and the program is not",
    Fault.LOUD: "The stream that leaves is much louder than the program",
    Fault.PACKETS: "Packets of the stream are missing",
    Fault.CLOCK: "The clock of the stream is wrong",
    Fault.SENDERS: "Two machines send the stream",
}
_THINGS: dict[Thing, str] = {
    Thing.WATCHER: "The watcher of the output was restarted, in case it is wrong itself",
    Thing.TARGET: "Output {target} was opened again",
    Thing.OUTPUT: "The encoder was restarted",
    Thing.RELAY: "The process that sends the stream was restarted",
    Thing.BUS: "The program bus was restarted",
}


def finding_words(finding: Finding, where: str, *, is_others: bool = False) -> str:
    """Return what is wrong and where it was seen, as one sentence; `is_others` where the channel's
    other machine sends.
    """
    whose = "the other machine's stream, " if is_others else ""
    return f"{_FAULTS[finding.fault]} ({whose}seen on {where})."


def remedy_words(remedy: Remedy, where: str) -> str:
    """Return what was restarted and why, as one sentence."""
    number = remedy.target + 1 if remedy.target is not None else 0
    fault = _FAULTS[remedy.fault]
    why = fault[0].lower() + fault[1:]
    return f"{_THINGS[remedy.thing].format(target=number)}: {why} (seen on {where})."
