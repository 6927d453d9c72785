"""Which colleagues are present."""

from support.website import Site

from scheduler.domain.model.people import Role
from web.kit.presence import PRESENT_SECONDS, Colleague, PresenceInMemory


def test_a_colleague_counts_as_present_for_45_seconds() -> None:
    seconds = [0.0]
    here = PresenceInMemory(lambda: int(seconds[0] * 1e9))
    here.note("a", "Ana", "Schedule")
    seconds[0] = 10.0
    here.note("b", "Ben", "On air")
    assert here.others("a") == (Colleague("Ben", "On air"),)
    seconds[0] = 20.0
    here.note("a", "Ana", "")
    seconds[0] = 20.0 + PRESENT_SECONDS - 1
    assert here.others("b") == (Colleague("Ana", "Schedule"),)
    seconds[0] = 20.0 + PRESENT_SECONDS
    assert here.others("b") == ()


def test_a_page_shows_present_colleagues_and_their_page(site: Site) -> None:
    ana, ben = site.browser(Role.SCHEDULER), site.browser(Role.OPERATOR)
    assert ana.get("/schedule/ch13", follow_redirects=True).status_code == 200
    assert "scheduler: Schedule" in ben.get("/here").get_data(as_text=True)
    assert "operator" in ana.get("/here").get_data(as_text=True)
    assert site.visitor().get("/here").status_code in (302, 401)
