"""Words for an airing's rules, as form choices."""

from playout.model.plan import EndRule, MissedStart, StartRule

START_WORDS = (
    (StartRule.HARD.value, "at its time, whatever is on"),
    (StartRule.WAIT.value, "wait for the program on air to finish"),
    (StartRule.FOLLOW.value, "when the program before it ends"),
)


END_WORDS = (
    (EndRule.CUT.value, "cut at its length"),
    (EndRule.FINISH.value, "let the file finish"),
    (EndRule.HOLD.value, "hold until adjourned (live)"),
)


MISSED_WORDS = (
    (MissedStart.JOIN.value, "join it in progress"),
    (MissedStart.TOP.value, "play it from the beginning"),
    (MissedStart.SKIP.value, "skip it"),
)
