"""The stream that the settings of a channel ask for."""

import pytest

from config.settings import ChannelSettings, Settings
from playout.processes.stream import StreamError, encode_of, picture_ahead, rate_of, stream_of


def asked(**channel: object) -> Settings:
    return Settings(station="City of Example", channels={"ch13": ChannelSettings(**channel)})  # type: ignore[arg-type]


def rate(settings: Settings) -> int:
    channel = settings.channels["ch13"]
    return rate_of(channel.house, encode_of(channel), stream_of(settings, "ch13"))


def test_names_that_are_not_set_are_those_of_channel_and_station() -> None:
    service = stream_of(asked(), "ch13").service
    named = stream_of(asked(service_name="Gavel 13", service_provider="City"), "ch13").service

    assert (service.name, service.provider) == ("ch13", "City of Example")
    assert (named.name, named.provider) == ("Gavel 13", "City")


@pytest.mark.parametrize("written", ["13.2", "13-2"])
def test_the_channels_number_has_two_parts(written: str) -> None:
    service = stream_of(asked(channel_number=written, psip=True), "ch13").service

    assert (service.psip, service.major, service.minor) == (True, 13, 2)


def test_the_codec_of_the_sound_is_the_same_for_encoder_and_tables() -> None:
    settings = asked(audio="ac3", audio_kbps=192)

    assert encode_of(settings.channels["ch13"]).audio == "ac3"
    assert stream_of(settings, "ch13").service.audio == "ac3"


def test_a_rate_that_is_not_set_leaves_room_for_nulls() -> None:
    assert 4_500_000 < rate(asked()) < 5_000_000
    assert rate(asked(stream_kbps=6000)) == 6_000_000


def test_a_rate_too_low_for_picture_and_sound_is_refused_with_what_it_needs() -> None:
    with pytest.raises(StreamError, match="need a stream of 4700: raise stream_kbps from 4000"):
        rate(asked(stream_kbps=4000))


@pytest.mark.parametrize(
    ("form", "video", "seconds"),
    [
        ("640x480@30000/1001", "h264", 1.0),
        ("640x480@30000/1001", "mpeg2", 1_835_008 / 4_700_000),
        ("1920x1080@30000/1001", "mpeg2", 1.0),
    ],
)
def test_a_picture_is_sent_no_earlier_than_the_receivers_buffer_holds(
    form: str, video: str, seconds: float
) -> None:
    channel = ChannelSettings(format=form, video=video)  # type: ignore[arg-type]

    assert picture_ahead(channel.house, encode_of(channel), 4_700_000) == pytest.approx(seconds)
