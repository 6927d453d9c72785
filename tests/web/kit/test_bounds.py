"""Bounds on what a caller can make the web process remember or accept."""

import gc
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any

from support.desk import ADMIN, NOW, a_source
from support.website import Site

from scheduler.actions import hosts
from scheduler.domain.model.people import Role
from web.kit.bounded_map import BoundedMap, LogThrottle
from web.kit.bounds import NamedFields
from web.kit.context import SERVICES_KEY
from web.kit.picture_cache import PICTURES_HELD

JPEG = b"\xff\xd8\xff\xe0 a picture"
INVENTED = 70
"""Names of each kind; more than any bound of pictures, few enough to be quick."""
ADDRESSES = (
    "/channels/{}/picture.jpg",
    "/channels/{}/desk",
    "/settings/sources/{}/look/ch13.jpg",
    "/settings/sources/0/look/{}.jpg",
    "/tv/{}",
    "/tv/{}/now",
    "/{}/lineup.ics",
    "/{}/airing/{}",
    "/static/{}.css",
    "/media/{}/thumbnail.jpg",
    "/schedule/{}",
    "/welcome/{}",
)


def held(house: Any) -> dict[str, int]:
    """Return the size of every mapping that the shared services hold."""
    found: dict[str, int] = {}
    for name, part in vars(house).items():
        for inner, value in getattr(part, "__dict__", {}).items():
            if isinstance(value, dict | set | list | BoundedMap):
                found[f"{name}.{inner}"] = len(value)
    return found


def test_invented_names_never_grow_what_the_process_holds(site: Site) -> None:
    house = site.app.extensions[SERVICES_KEY]
    staff, key = site.browser(Role.ADMINISTRATOR), site.host_key()
    for number in range(INVENTED):
        for address in ADDRESSES:
            staff.get(address.format(f"x{number}", number))
        for door in (f"x{number}", "ch13"):
            at = f"/api/v1/host/{door}"
            site.visitor().post(f"{at}/picture", data=JPEG, headers=key)
            site.visitor().post(f"{at}/sources/x{number}/picture", data=JPEG, headers=key)
            site.visitor().get(f"{at}/plan", headers={"Authorization": f"Bearer {number}"})
    gc.collect()
    assert {name: size for name, size in held(house).items() if size > PICTURES_HELD} == {}
    assert site.app.wsgi_app is not None and len(site.app.wsgi_app._kept) < 20


def test_a_picture_that_is_not_watched_is_not_stored(site: Site) -> None:
    source, key = a_source(site.db), site.host_key()
    door, page = f"/api/v1/host/ch13/sources/{source}/picture", f"/settings/sources/{source}/look"
    staff = site.browser(Role.ADMINISTRATOR)
    look = next(
        str(rule).replace("<source>", source).replace("<channel>", "ch13")
        for rule in site.app.url_map.iter_rules()
        if rule.endpoint == "sources.picture"
    )
    assert page.rsplit("/", 1)[-1] in look
    assert site.visitor().post(door, data=JPEG, headers=key).status_code == 204
    assert staff.get(look).status_code == 204
    site.visitor().post(door, data=JPEG, headers=key)
    assert staff.get(look).data == JPEG


def test_an_unknown_channel_has_no_host_api(site: Site) -> None:
    key = site.host_key()
    for path in ("plan", "commands"):
        assert site.visitor().get(f"/api/v1/host/ch99/{path}", headers=key).status_code == 404
    _, only = hosts.add_host(site.db, ADMIN, NOW, "second")
    bearer = {"Authorization": f"Bearer {only}"}
    large = JPEG + bytes(1024 * 1024)
    answer = site.visitor().post("/api/v1/host/ch13/picture", data=large, headers=bearer)
    assert answer.status_code == 422


def test_a_bounded_map_keeps_the_newest_and_the_throttle_opens_again() -> None:
    few: BoundedMap[int, str] = BoundedMap(3)
    for number in range(10):
        few.put(number, "x")
    few.put(8, "y")
    few.put(10, "z")
    assert list(few) == [9, 8, 10] and few.get(8) == "y" and few.get(1) is None
    at = [0]
    throttle = LogThrottle(lambda: at[0])
    assert throttle.due("a", 60) and not throttle.due("a", 60)
    at[0] = 61 * 10**9
    assert throttle.due("a", 60)


def test_a_truncated_form_leaves_no_file_open() -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"a" * 9000
    made: list[Any] = []

    def file(*_about: Any, **_more: Any) -> Any:
        made.append(SpooledTemporaryFile())  # noqa: SIM115 whoever is given it closes it
        return made[-1]

    parser = NamedFields(stream_factory=file)
    parser.parse(BytesIO(part), "multipart/form-data", len(part), {"boundary": "x"})

    assert made and all(one.closed for one in made)
