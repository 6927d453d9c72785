"""The rule of the second store: when a file is copied there, and when the copy is read again.

file               class            last aired     copy verified    on December 1
Charter hearing    Keep for ever    yesterday      never            copy
Council            3 years          Nov 20         never            wait: aired 11 days ago
Council            3 years          Oct 1          never            copy
Council            3 years          Oct 1          Nov 20           nothing to do
Council            3 years          Oct 1          Aug 1            read it again
"""

from datetime import datetime, timedelta

from scheduler.domain.library.keeping import RetentionClass, RetentionRule

VERIFIED_AGAIN_AFTER = timedelta(days=90)


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
