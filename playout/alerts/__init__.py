"""Alerts as pure rules: what can be wrong, since when it is, and who must be told when.

A council meeting is on air on `ch13`, and at 21:00:00 its camera stops:

    21:00:05  observed  FROZEN holds on ch13, as `playout` sees it    -> pending since 21:00:05
    21:00:25  observed  it still holds                                -> raised, began 21:00:05
    21:00:25  due       "raised" for Ann, who is told of ch13 at any hour
    21:15:25  due       "raised" for Bob, told after 15 minutes without acknowledgement
    21:16:00            Ann acknowledges: no more reminders, and no one else is told
    21:20:00  observed  it holds no more                              -> gone since 21:20:00
    21:21:00  observed  it still does not                             -> over, ended 21:20:00
    21:21:00  due       "over" for Ann and Bob, who were both told

Had the picture moved for ten seconds at 21:05, the alert would have stayed the same one, and would
say that the fault came and went twice. `tracking` holds the left half of this table and `routing`
the right half; `conditions` is the list both work by.
"""
