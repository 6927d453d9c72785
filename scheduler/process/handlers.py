"""The table of handlers: who does which kind of job, and the workers that run them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from config.clock import Clock
from config.settings import Settings
from media.companion import Companions
from media.probe import ConfinedProber, Prober
from media.speech.hearing import ConfinedHearer, Hearer
from media.store import MediaStore
from scheduler.db.store import Database
from scheduler.domain.model.job import LANES, JobKind, Lane
from scheduler.process.archiving import ArchiveCopies
from scheduler.process.caption_reader import CaptionReader
from scheduler.process.companions import CompanionMaker
from scheduler.process.cut_pictures import CutPictures
from scheduler.process.drafter import LOOK_EVERY_SECONDS, CaptionDrafts
from scheduler.process.exporting import ExportMaker
from scheduler.process.homecoming import RecordingChecks
from scheduler.process.ingest import FileChecks
from scheduler.process.jobs import Handler, JobWorker
from scheduler.process.resting import Places, Rests, Returns


def background_handlers(
    db: Database, store: MediaStore, settings: Settings, clock: Clock
) -> dict[JobKind, Handler]:
    """Return the handler of each kind in the background lanes. New kinds are added here."""
    handlers: dict[JobKind, Handler] = {
        JobKind.COMPANION: CompanionMaker(db, store, clock),
        JobKind.EXPORT: ExportMaker(db, store, clock),
    }
    places = Places.of(settings, store)
    if places is not None:
        handlers[JobKind.RETURN] = Returns(db, places, clock)
    if places is not None and settings.archive_folder is not None:
        after = timedelta(days=settings.archive_rest_days)
        handlers[JobKind.ARCHIVE] = ArchiveCopies(db, store, settings.archive_folder, clock)
        handlers[JobKind.REST] = Rests(db, places, clock, after, Companions(store))
    return handlers


def job_workers(db: Database, settings: Settings, clock: Clock) -> list[JobWorker]:
    """Return a worker for each lane that has handlers on this machine."""
    store = MediaStore(settings.media_root)
    background = background_handlers(db, store, settings, clock)
    workers = [check_worker(db, store, ConfinedProber(), settings.uploads, clock)]
    for lane in (Lane.MAKE, Lane.COPY, Lane.RETURN):
        handlers = of_lane(background, lane)
        if handlers:
            before = _looks(handlers)
            workers.append(JobWorker(lane, handlers, db, clock, before=before))
    if settings.speech_model is not None:
        workers.append(speech_worker(db, store, ConfinedHearer(settings.speech_model), clock))
    return workers


def _looks(handlers: Mapping[JobKind, Handler]) -> Callable[[], None]:
    """Return what queues the work of these handlers that nobody asked for."""
    makers = [one for one in handlers.values() if isinstance(one, CompanionMaker)]
    returns = [one for one in handlers.values() if isinstance(one, Returns)]

    def look() -> None:
        for maker in makers:
            maker.queue_missing()
        for one in returns:
            one.queue_due()

    return look


def of_lane(handlers: Mapping[JobKind, Handler], lane: Lane) -> dict[JobKind, Handler]:
    """Return the handlers whose kinds are of this lane."""
    return {kind: handler for kind, handler in handlers.items() if LANES[kind] is lane}


def check_worker(
    db: Database, store: MediaStore, prober: Prober, uploads: Path, clock: Clock
) -> JobWorker:
    """Return the worker of what people wait for: checks of uploads, and captions."""
    reader = CaptionReader(db, store, prober, uploads, clock)
    handlers: dict[JobKind, Handler] = {
        JobKind.FILE: FileChecks(db, store, prober, uploads, clock),
        JobKind.CAPTION_FILE: reader,
        JobKind.CAPTIONS_INSIDE: reader,
        JobKind.RECORDING: RecordingChecks(db, store, prober, clock),
        JobKind.CUT_PICTURE: CutPictures(db, store, prober, clock),
    }
    return JobWorker(Lane.CHECK, handlers, db, clock)


def speech_worker(db: Database, store: MediaStore, hearer: Hearer, clock: Clock) -> JobWorker:
    """Return the worker that writes draft captions."""
    drafts = CaptionDrafts(db, store, hearer, clock)
    return JobWorker(
        Lane.SPEECH,
        {JobKind.CAPTION_DRAFT: drafts},
        db,
        clock,
        look_every=LOOK_EVERY_SECONDS,
        before=drafts.queue_missing,
    )
