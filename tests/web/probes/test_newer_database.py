"""Two web servers over one database after one of them was upgraded: the older one stands aside."""

import pytest
from support.databases import at_step
from support.website import Site, post

from scheduler.db.copies import row_counts
from scheduler.domain.model.people import Role
from web import create_app

SENTENCE = "This server is older than its database"
NEWER = "9999"


@pytest.fixture
def servers(each_site: Site) -> tuple[Site, Site]:
    """Return two servers of one version over one database."""
    site = each_site
    other = create_app(site.settings, site.db, site.clock)
    return site, Site(other, site.db, site.clock, site.settings)


def test_each_older_server_says_a_sentence_and_changes_nothing(
    servers: tuple[Site, Site],
) -> None:
    site = servers[0]
    person, key = site.person(Role.ENGINEER), site.host_key()
    site.as_person(person.id)
    before = rows(site)
    with at_step(site.db, NEWER):
        for server in servers:
            visitor = server.visitor()
            assert visitor.get("/healthz").status_code == 200, "a restart would not help"
            assert visitor.get("/readyz").status_code == 503, "so a proxy asks the other server"
            page = visitor.get("/ch13/lineup.ics")
            assert page.status_code == 503
            told = visitor.post("/api/v1/host/ch13/report", data=b"{}", headers=key)
            assert (told.status_code, told.get_json()["error"]) == (503, SENTENCE)
            tried = post(visitor, "/login", login="ana", password="x")
            assert tried.status_code == 503 and SENTENCE in tried.text

    assert rows(site) == before
    for server in servers:
        assert server.as_person(person.id).get("/programs").status_code == 200, "the way back"


def rows(site: Site) -> object:
    """Return how many rows each table has."""
    return row_counts(site.db)
