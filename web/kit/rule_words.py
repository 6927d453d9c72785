"""The rules of an airing in words."""

from playout.model.plan import End, Missed, Start

START_WORDS = (
    (Start.HARD.value, "at its time, whatever is on"),
    (Start.WAIT.value, "wait for the program on air to finish"),
    (Start.FOLLOW.value, "when the program before it ends"),
)


END_WORDS = (
    (End.CUT.value, "cut at its length"),
    (End.FINISH.value, "let the file finish"),
    (End.HOLD.value, "hold until adjourned (live)"),
)


MISSED_WORDS = (
    (Missed.JOIN.value, "join it in progress"),
    (Missed.TOP.value, "play it from the beginning"),
    (Missed.SKIP.value, "skip it"),
)
