"""Words for jobs: what each kind does, for the page Jobs."""

from collections.abc import Mapping

from scheduler.domain.model.job import JobKind

KIND_WORDS: Mapping[JobKind, str] = {
    JobKind.FILE: "Check the file",
    JobKind.CAPTION_FILE: "Read a caption file",
    JobKind.CAPTIONS_INSIDE: "Read the captions inside",
    JobKind.CAPTION_DRAFT: "Write draft captions",
}
"""What a job of each kind does, as the page Jobs names it."""
