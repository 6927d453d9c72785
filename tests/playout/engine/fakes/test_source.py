"""The simulated gateway: signals that come and go, recordings with the gaps they leave."""

from datetime import datetime, timedelta

from support.plans import at, source

from config.names import AiringId
from playout.engine.fakes.source import FILED_AFTER, FIRST_PICTURE_AFTER, FakeGateway, FakeSignal
from playout.model.engine import Intake
from playout.model.recording import RecordingState

AIRING, OPENS, CLOSES = AiringId("a"), at("9:58"), at("12:05")


def intake(opens: datetime = OPENS, closes: datetime = CLOSES) -> Intake:
    return Intake(source(), opens, closes, AIRING)


def gateway(signal: FakeSignal | None = None) -> FakeGateway:
    made = FakeGateway({"chamber": signal or FakeSignal()}, {}, at("9:50"))
    made.show((intake(),), at("9:50"))
    return made


def test_an_open_source_has_a_picture_a_moment_later() -> None:
    made = gateway()

    assert made.picture("chamber", at("9:59"))[0] == at("9:58") + FIRST_PICTURE_AFTER
    assert made.picture("attic", at("9:59"))[0] > at("9:59")
    assert made.reports(at("9:57")) == ()


def test_an_intake_may_open_sooner_than_it_was_to() -> None:
    made = gateway()
    made.show((intake(opens=at("9:51")),), at("9:51"))

    assert made.picture("chamber", at("9:52"))[0] == at("9:51") + FIRST_PICTURE_AFTER
    assert made.reports(at("9:52"))[0].recorded == 60


def test_a_lost_signal_is_reported_with_its_start_and_the_picture_comes_back() -> None:
    made = gateway(FakeSignal(lost=[(at("10:40"), at("10:43"))]))
    (gone,) = made.reports(at("10:41"))
    (back,) = made.reports(at("10:44"))

    assert (gone.has_signal, gone.since) == (False, at("10:40"))
    assert (back.has_signal, back.since) == (True, at("10:43"))
    assert made.picture("chamber", at("10:39"))[1] == at("10:40")
    assert made.picture("chamber", at("10:41"))[0] == at("10:43") + FIRST_PICTURE_AFTER


def test_a_closed_recording_is_reported_with_its_gaps() -> None:
    made = gateway(FakeSignal(lost=[(at("10:40"), at("10:43"))]))
    made.show((intake(closes=at("11:00")),), at("10:50"))
    (closing,) = made.recordings(at("11:00"))
    (kept,) = made.recordings(at("11:00") + FILED_AFTER)

    assert made.recordings(at("10:59")) == ()
    assert closing.state is RecordingState.CLOSING
    assert kept.media is not None and kept.media.length == timedelta(minutes=59)
    assert [(gap.start, gap.end) for gap in kept.gaps] == [(at("10:40"), at("10:43"))]


def test_a_recording_no_longer_wanted_is_closed() -> None:
    made = gateway()
    made.show((), at("10:30"))
    (kept,) = made.recordings(at("10:31"))

    assert kept.media is not None and kept.media.length == timedelta(minutes=32)


def test_a_source_that_never_sent_leaves_a_recording_that_failed() -> None:
    made = gateway(FakeSignal(lost=[(at("9:00"), None)]))
    (kept,) = made.recordings(at("12:06"))

    assert (kept.state, kept.media) == (RecordingState.FAILED, None)
