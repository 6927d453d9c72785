"""The doctor's look at the contacts: whether anybody is told of alerts, and can be reached."""

from config.finding import MachineFinding
from config.settings import Settings
from playout.notify.finding import target_fault
from scheduler.process.doctor_reading import ask_database
from scheduler.queries import alert_pages

NO_ONE = "No one is told of alerts."


def contact_findings(settings: Settings) -> list[MachineFinding]:
    """Judge each contact of the database by the settings file; nothing without a database, which is
    a finding of its own.
    """
    known = ask_database(settings, alert_pages.contacts)
    if known is None:
        return []
    if not known:
        mend = "Add a contact in the browser: Settings, Alerts."
        return [MachineFinding("note", NO_ONE, mend)]
    wrong = []
    for one in known:
        fault = target_fault(settings.alerts, one.draft.way.value, one.draft.target)
        if fault is not None:
            text = (
                f"The contact {one.name} is told by {one.draft.way} {one.draft.target}, {fault[0]}."
            )
            wrong.append(MachineFinding("wrong", text, fault[1]))
    return wrong or [MachineFinding("good", f"{_people(len(known))} told of alerts.")]


def _people(count: int) -> str:
    return "1 contact is" if count == 1 else f"{count} contacts are"
