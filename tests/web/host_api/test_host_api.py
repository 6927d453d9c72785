"""The broadcast machine's API: key, plan, commands, reports, pictures, media."""

from datetime import timedelta

from pydantic import TypeAdapter
from support.air_machine import DOOR, status
from support.desk import ADMIN, CH13, NOW, an_airing, an_asset
from support.website import Site, post

from config.names import AssetKey, CueId, ItemId
from media.caption_files import StoredCaptions
from media.captions.cue import laid_out
from media.captions.encode import encode as captioned
from media.captions.facts import CaptionOrigin, facts_of
from media.captions.track import SUFFIX, CaptionTrack
from playout.model.commands import Verb
from playout.model.plan import Plan
from playout.model.rundown import cue_at
from playout.model.wire import READS, READS_HEADER, Ack, Commands, Report, decode, encode
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions import captions, commands, hosts
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.people import Role
from scheduler.process.publish import publish
from scheduler.queries import people

JPEG = b"\xff\xd8\xff\xe0 a picture"


def test_without_a_key_the_refusal_names_what_is_needed(site: Site) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eA=="}):
        answer = site.visitor().get(f"{DOOR}/plan", headers=headers)
        assert answer.status_code == 401 and "Broadcast machines" in answer.get_json()["error"]


def test_each_answer_names_how_much_of_a_report_this_server_reads(site: Site) -> None:
    key, client = site.host_key(), site.visitor()
    body = encode(Report(status(), None, ()))
    for answer in (
        client.get(f"{DOOR}/commands", headers=key),
        client.get(f"{DOOR}/plan", headers=key),
        client.post(f"{DOOR}/report", headers=key, data=body),
    ):
        assert answer.headers[READS_HEADER] == str(READS)


def test_a_signed_in_person_cannot_use_the_host_api(site: Site) -> None:
    assert site.browser(Role.ADMINISTRATOR).get(f"{DOOR}/plan").status_code == 401


def test_a_revoked_machine_stays_refused(site: Site) -> None:
    key = site.host_key()
    hosts.revoke_host(site.db, ADMIN, NOW, people.hosts(site.db)[0].id)
    assert site.visitor().get(f"{DOOR}/plan", headers=key).status_code == 401


def test_a_key_opens_only_the_channels_it_was_given(site: Site) -> None:
    key, client, boss = site.host_key(), site.visitor(), site.browser(Role.ENGINEER)
    body = encode(Report(status(), None, ()))
    assert client.post(f"{DOOR}/report", headers=key, data=body).status_code == 200
    host = people.hosts(site.db)[0]
    to = f"/settings/hosts/{host.id}/channels"
    assert post(boss, to, reach="some", channel="ch14").status_code == 303
    assert people.hosts(site.db)[0].only == {"ch14"}
    for path in ("plan", "commands", f"media/{'0' * 64}"):
        answer = client.get(f"{DOOR}/{path}", headers=key)
        assert answer.status_code == 403 and "does not cover ch13" in answer.get_json()["error"]
    for path in ("report", "picture"):
        answer = client.post(f"{DOOR}/{path}", headers=key, data=body)
        assert answer.status_code == 403
    assert "ch14" in boss.get("/settings").get_data(as_text=True)
    assert client.get("/api/v1/host/ch14/commands?after=0", headers=key).status_code == 200
    assert post(boss, to, reach="some", channel="ch99").status_code == 422
    assert post(boss, to, reach="all").status_code == 303
    assert client.get(f"{DOOR}/commands?after=0", headers=key).status_code == 200


def test_a_report_for_another_channel_is_refused(site: Site) -> None:
    body = encode(Report(status(channel="ch14"), None, ()))
    answer = site.visitor().post(f"{DOOR}/report", headers=site.host_key(), data=body)
    assert answer.status_code == 422 and "not to ch14" in answer.get_json()["error"]


def test_the_plan_is_304_until_it_changes(site: Site) -> None:
    key, client = site.host_key(), site.visitor()
    assert client.get(f"{DOOR}/plan", headers=key).status_code == 404
    an_airing(site.db, asset=an_asset(site.db).id)
    publish(site.db, CH13, NOW)
    first = client.get(f"{DOOR}/plan", headers=key)
    plan = TypeAdapter(Plan).validate_json(first.data)
    assert plan.channel == CH13 and [item.title for item in plan.items] == ["City Council"]
    same = {**key, "If-None-Match": first.headers["ETag"]}
    assert client.get(f"{DOOR}/plan", headers=same).status_code == 304
    squeezed = client.get(f"{DOOR}/plan", headers={**key, "Accept-Encoding": "gzip"})
    same["If-None-Match"] = squeezed.headers["ETag"]
    assert client.get(f"{DOOR}/plan", headers=same).status_code == 304
    an_airing(site.db, NOW + timedelta(hours=5), title="More", slate_text="Soon")
    publish(site.db, CH13, NOW)
    assert client.get(f"{DOOR}/plan", headers=same).status_code == 200


def test_a_button_becomes_a_command_that_expires(site: Site) -> None:
    key, desk = site.host_key(), site.browser(Role.OPERATOR)
    answer = post(desk, "/channels/ch13/command", verb="skip", cue="cue-1", item="item-1")
    assert answer.status_code == 303
    body = site.visitor().get(f"{DOOR}/commands?after=0", headers=key).data
    (command,) = decode(Commands, body).commands
    assert (command.verb, command.cue, command.item) == (Verb.SKIP, "cue-1", "item-1")
    assert command.expires_at - command.issued_at == timedelta(seconds=10)
    after = site.visitor().get(f"{DOOR}/commands?after={command.number}", headers=key).data
    assert decode(Commands, after).commands == ()


def test_a_report_puts_the_desk_on_air(site: Site) -> None:
    key, desk = site.host_key(), site.browser(Role.VIEWER)
    an_airing(site.db, NOW - timedelta(minutes=10), asset=an_asset(site.db).id)
    publish(site.db, CH13, NOW)
    plan = TypeAdapter(Plan).validate_json(site.visitor().get(f"{DOOR}/plan", headers=key).data)
    rundown = settle(plan, AirState(), NOW)
    cue = cue_at(rundown, NOW)
    assert "predicted" in desk.get("/channels/ch13/desk").get_data(as_text=True)
    report = Report(status(cue=cue.id, item=cue.item, revision=plan.revision), rundown)
    answer = site.visitor().post(f"{DOOR}/report", data=encode(report), headers=key)
    ack = decode(Ack, answer.data)
    assert ack.plan_revision == plan.revision and not ack.watching
    page = desk.get("/channels/ch13/desk").get_data(as_text=True)
    assert "ON AIR" in page and "City Council" in page and "Schedule up to date" in page


def test_an_invalid_report_is_refused_with_a_sentence(site: Site) -> None:
    answer = site.visitor().post(f"{DOOR}/report", data=b"{}", headers=site.host_key())
    assert answer.status_code == 422 and "Report" in answer.get_json()["error"]


def test_viewing_the_picture_requests_it_from_the_machine(site: Site) -> None:
    key, desk, host = site.host_key(), site.browser(Role.VIEWER), site.visitor()
    assert desk.get("/channels/ch13/picture.jpg").status_code == 204

    def watching() -> bool:
        told = host.post(f"{DOOR}/report", data=encode(Report(status())), headers=key)
        return decode(Ack, told.data).watching

    assert watching()
    sent = {**key, "X-Gavel-Meter": '{"left_db":-20}'}
    assert host.post(f"{DOOR}/picture", data=JPEG, headers=sent).status_code == 204
    seen = desk.get("/channels/ch13/picture.jpg")
    assert seen.data == JPEG and seen.headers["X-Gavel-Meter"] == '{"left_db":-20}'
    same = {"If-None-Match": seen.headers["ETag"]}
    assert desk.get("/channels/ch13/picture.jpg", headers=same).status_code == 304
    site.clock.advance(timedelta(seconds=11))
    assert not watching()


def test_a_body_that_is_not_a_jpeg_is_refused(site: Site) -> None:
    answer = site.visitor().post(f"{DOOR}/picture", data=b"<svg>", headers=site.host_key())
    assert answer.status_code == 422


def test_media_is_fetched_by_its_hash_and_resumed(site: Site) -> None:
    key, client = site.host_key(), site.visitor()
    asset = an_asset(site.db)
    assert asset.media is not None
    path = f"{DOOR}/media/{asset.media.key}"
    assert client.get(path, headers=key).status_code == 404
    store = site.app.extensions["gavel"].store
    home = store.path(asset.media.key, asset.media.suffix)
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_bytes(b"0123456789")
    assert client.get(path, headers=key, buffered=True).data == b"0123456789"
    rest = client.get(path, headers={**key, "Range": "bytes=4-"}, buffered=True)
    assert rest.status_code == 206 and rest.data == b"456789"
    assert client.get(f"{DOOR}/media/../../etc/passwd", headers=key).status_code == 404


def a_captioned_asset(site: Site) -> tuple[Asset, AssetKey, CaptionTrack]:
    """A file of the library that was given captions; with their key and track."""
    asset = an_asset(site.db)
    store = site.app.extensions["gavel"].store
    track = captioned(laid_out(1_000_000, 2_000_000, ["Hello."]))
    source = site.settings.data_dir / "track"
    source.write_bytes(track.to_bytes())
    key, _ = store.add(source, suffix=SUFFIX)
    facts = facts_of(track, CaptionOrigin.SRT, timedelta(hours=1))
    assert facts is not None
    stored = StoredCaptions(key, track.size, facts)
    captions.give(site.db, ADMIN, NOW, asset.id, stored, "council.srt")
    return asset, key, track


def test_the_captions_of_a_file_are_fetched_like_the_file(site: Site) -> None:
    _, key, track = a_captioned_asset(site)
    path = f"{DOOR}/media/{key}"

    answer = site.visitor().get(path, headers=site.host_key(), buffered=True)

    assert CaptionTrack.from_bytes(answer.data) == track


def test_only_a_host_that_reads_captions_gets_a_plan_that_names_them(site: Site) -> None:
    asset, key, _ = a_captioned_asset(site)
    an_airing(site.db, asset=asset.id)
    publish(site.db, CH13, NOW)
    host, client = site.host_key(), site.visitor()
    before = client.get(f"{DOOR}/plan", headers=host).data
    now = client.get(f"{DOOR}/plan", headers={**host, READS_HEADER: str(READS)}).data

    assert key in now.decode()
    assert b"captions" not in before
    assert [item.title for item in decode(Plan, before).items] == ["City Council"]


def test_an_unanswered_command_is_shown_as_such(site: Site) -> None:
    commands.issue(site.db, ADMIN, NOW, CH13, Verb.SKIP, cue=CueId("c"), item=ItemId("i"))
    site.clock.advance(timedelta(seconds=11))
    page = site.browser(Role.VIEWER).get("/channels/ch13/desk").get_data(as_text=True)
    assert "did not answer within ten seconds" in page
