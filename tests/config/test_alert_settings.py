"""The settings of alerts: what is refused, and in which words."""

import pytest
from pydantic import ValidationError

from config.alert_settings import AlertSettings, MailSettings

KEY = "canary-4711"


@pytest.mark.parametrize(
    "given",
    [
        {"webhooks": {"Pager": f"https://a.gov/{KEY}"}},
        {"webhooks": {"pager": f"a.gov/{KEY}"}},
        {"webhooks": {"pager": ""}},
        {"services": {"pager": KEY}},
        {"heartbeat": {"ch13": f"ftp://a.gov/{KEY}"}},
        {"heartbeat_minutes": 0},
        {"tell": ("pigeon:roof",)},
        {"tell": ("mail:",)},
        {"mail": {"port": 0}},
        {"mail": {"security": "some"}},
        {"mail": {"pass": KEY}},
    ],
)
def test_what_cannot_be_used_is_refused_without_repeating_a_secret(
    given: dict[str, object],
) -> None:
    with pytest.raises(ValidationError) as caught:
        AlertSettings(**given)

    assert KEY not in " ".join(error["msg"] for error in caught.value.errors())


def test_addresses_and_passwords_are_not_printed() -> None:
    given = AlertSettings(
        mail=MailSettings(password=KEY),
        webhooks={"a": f"https://a.gov/{KEY}"},
        services={"b": f"json://a.gov/{KEY}"},
        heartbeat={"ch13": f"https://a.gov/{KEY}"},
        tell=("mail:tv@example.gov", "webhook:a"),
    )

    assert KEY not in repr(given) + str(given) + given.model_dump_json()
