"""Changes of the plan and of everything round it: what several actions share.

Example: a planner drags the film `a1` on channel `ch13` from 19:00 to 20:00.

1. The page calls `actions.airings.move(db, actor, now, "a1", 20:00, version=3, plan=41)`. Version 3
   is the row the page has read, 41 the plan version the conflict check was made against.
2. `transaction.changing` checks the actor's right, opens the database transaction and yields a
   `UnitOfWork`.
3. `work.get` locks the row and remembers it: `start=19:00, version=3`. `work.expect_version` raises
   Conflict unless the version is still 3; `work.as_seen` notes that plan version 41 was read.
4. The action fills the row with the new draft: `start=20:00, end=21:40`. `work.about` gives the
   sentence of the audit entry, "Moved Film", and names the channel.
5. At the end of the block `transaction.record` compares each remembered row with itself. The airing
   is stamped: `updated` and `updated_by` for staff, `sequence` 0 → 1 and `public_modified` for
   calendars, because viewers see another start.
6. It writes one `ChangeRow` with `parts=[{table: "airing", key: ["a1"], before: {...19:00}, after:
   {...20:00}}]`, which is all that undo needs, and one `TouchedRow` for the history of `a1`.
7. It counts the plan version of `ch13` from 41 to 42. If it finds 43, somebody else was faster:
   Conflict, and nothing of this is kept.
8. Within a quarter of a second the scheduler process sees 42, builds the plan and publishes it.

What the modules are for: `transaction` is the frame above; `drafts` and `airing_rows` bring an
airing from its draft to its row; `series_airings`, `meeting_series`, `series_common` and
`meeting_airings` make the airings of series and meetings; `bookings`, `proposals`, `bulletins`,
`collection` and `links` serve one family of actions each; `judging`, `recordings` and `listings`
follow what the broadcast machine reports.
"""
