"""Values only: plans, rundowns, cues, events, commands, the wire, and the two waists of the
engine."""
