"""Domain values of the plan as if a database had been read, for rules that need none."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from support.desk import NOW, some_media

from config.names import AiringId
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.ids import AssetId


def airing(draft: AiringDraft, number: int = 1, **over: Any) -> Airing:
    """An airing with id `a<number>`, untouched since it was added."""
    made = Airing(
        id=AiringId(f"a{number}"), draft=draft, series=None, series_day=None, edited=False,
        cancelled=False, cancelled_at=None, sequence=0, public_modified=NOW, outcome=None,
        outcome_reason="", aired_start=None, aired_end=None, created=NOW, updated=NOW,
        updated_by="Pat", version=1,
    )  # fmt: skip
    return replace(made, **over)


def asset(number: str = "a", state: AssetState = AssetState.READY, *, minutes: float = 30) -> Asset:
    """A library entry; it has media once it is ready."""
    media = some_media(number, timedelta(minutes=minutes))
    return Asset(
        id=AssetId(number), title=f"File {number}", original_name="x.mp4", state=state,
        summary="", problems=(), media=media if state is AssetState.READY else None, facts={},
        captions=False, has_thumbnail=False, uploaded=NOW, uploaded_by="Pat", archived=False,
        version=1,
    )  # fmt: skip
