"""The rule of the second store: when a file is copied there, and when the copy is read again.

file               class            last aired     copy verified    on December 1
Charter hearing    Keep for ever    yesterday      never            copy
Council            3 years          Nov 20         never            wait: aired 11 days ago
Council            3 years          Oct 1          never            copy
Council            3 years          Oct 1          Nov 20           nothing to do
Council            3 years          Oct 1          Aug 1            read it again

A copy that is damaged and cannot be replaced is tried every six hours for two days, for a cable
or a share may be at fault. Then it is tried once a week, and people are told.
"""

from datetime import datetime, timedelta

from scheduler.domain.library.keeping import RetentionClass, RetentionRule

VERIFIED_AGAIN_AFTER = timedelta(days=90)
TRIED_AGAIN_AFTER = timedelta(hours=6)
"""Time before a file is looked at again whose copy was made, found sound, or given up."""
DAMAGE_TRIED_FOR = timedelta(days=2)
"""How long a damaged copy is tried as often as any other."""
DAMAGE_TRIED_AGAIN_AFTER = timedelta(days=7)
"""Time between two tries from then on. Each of them reads the whole file."""


def archive_due(
    kept: RetentionClass | None,
    last_needed: datetime,
    verified: datetime | None,
    now: datetime,
    after: timedelta,
) -> bool:
    """Return whether a file is to be copied, or its copy read again.

    `last_needed` is when it aired last, or came; `verified` when its copy was read back, None for
    no copy.
    """
    if verified is not None:
        return now - verified >= VERIFIED_AGAIN_AFTER
    is_for_ever = kept is not None and kept.rule is RetentionRule.FOREVER
    return is_for_ever or now - last_needed >= after


def pause_after(damaged: datetime | None, now: datetime) -> timedelta:
    """Return how long a file waits after a try; `damaged` is when its copy was first found so,
    None for one that is not, or that the server can replace.
    """
    is_lasting = damaged is not None and now - damaged >= DAMAGE_TRIED_FOR
    return DAMAGE_TRIED_AGAIN_AFTER if is_lasting else TRIED_AGAIN_AFTER
