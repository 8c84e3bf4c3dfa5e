"""lifecycle.yaml: tracks, reasons, SLAs and ladders. What it leaves out keeps its default."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import msgspec

from scoring_service.domain.lifecycle.lifecycle import Lifecycle, Reason, Rung, Then, Track
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.lifecycle_defaults import (
    DECISIONS_KEEP,
    DEFAULT_LADDER,
    DEFAULT_REASONS,
    DEFAULT_SLAS,
    DEFAULT_STALE,
    DEFAULT_TRACKS,
    QUESTIONS,
    TOP_AGAIN,
    Stale,
)
from scoring_service.policy.files.lifecycle_ladders import (
    wrong_rungs,
    wrong_sla_ladders,
    wrong_words,
)
from scoring_service.policy.files.lifecycle_questions import wrong_questions
from scoring_service.policy.files.lifecycle_stages import StageShape, stages, wrong_stages
from scoring_service.policy.files.names import Names
from scoring_service.policy.files.reading import Name, Shape, read
from scoring_service.policy.files.spans import ElapsedSpan, LastingSpan, SlaSpan, Span, is_lasting
from scoring_service.policy.mistake import Mistake, did_you_mean
from scoring_service.values.owner import SUPPRESSED

_CURRENCY = re.compile(r"[A-Z]{3}")
AGAIN = "again"
"""What of a stale stage comes again and again: without a time between it would never end."""


class TrackEntry(Shape, frozen=True):
    """A marketing track; its owner is a rep or a mailbox name."""

    owner: Name
    calendar: str = "default"


class ReasonEntry(Shape, frozen=True):
    """A disposition and what follows from it."""

    then: Then
    tracks: tuple[str, ...] = ()
    reevaluate: ElapsedSpan | None = None
    returns_turn: bool = False


class RungEntry(Shape, frozen=True):
    """`{after: 4bh, tell: manager}` or `{after: 24bh, do: reassign}`."""

    after: Span
    tell: Name | None = None
    do: Literal["reassign"] | None = None

    def __post_init__(self) -> None:
        if (self.tell is None) == (self.do is None):
            raise ValueError("a rung does one thing; give it either tell: or do: reassign")


class IntakeEntry(Shape, frozen=True):
    """The queue of leads that are not complete yet."""

    queue: Name = "intake"
    owner: Name = "sales-ops"


class LifecycleFile(Shape, frozen=True):
    """The whole file; every key may be left out."""

    tracks: dict[Name, TrackEntry] = msgspec.field(default_factory=dict)
    intake: IntakeEntry = IntakeEntry()
    default_track: str = "welcome-nurture"
    reasons: dict[Name, ReasonEntry] = msgspec.field(default_factory=dict)
    slas: dict[Name, SlaSpan] = msgspec.field(default_factory=dict)
    ladder: tuple[RungEntry, ...] | None = None
    sla_ladders: dict[Name, tuple[RungEntry, ...]] = msgspec.field(default_factory=dict)
    stale: dict[str, dict[str, Span]] = msgspec.field(default_factory=dict)
    recycles_max: Annotated[int, msgspec.Meta(ge=0, le=100)] = 3
    required: dict[Literal["sal", "sql", "opportunity", "customer"], tuple[Name, ...]] = (
        msgspec.field(default_factory=dict)
    )
    escalation_contact: Name = "sales-ops"
    currency: str = "EUR"
    prefer_previous_owner: bool = True
    decisions_keep: ElapsedSpan | None = None
    questions: Literal["bant", "meddic"] | tuple[Name, ...] = "bant"
    stages: dict[str, StageShape] = msgspec.field(default_factory=dict)
    top_again: LastingSpan | None = None


def lifecycle(document: Document, names: Names) -> tuple[Lifecycle, list[Mistake]]:
    """The lifecycle with the defaults where the file is silent, and what is wrong in it."""
    file, mistakes = read(document, LifecycleFile)
    if file is None:
        return defaults(), mistakes
    merged = _merged(file)
    return merged, [
        *_wrong_tracks(document, file, names),
        *_wrong_reasons(document, file),
        *_wrong_ladders(document, file, names),
        *_wrong_stale(document, file),
        *_wrong_currency(document, file),
        *wrong_sla_ladders(document, merged),
        *wrong_stages(document, file.stages),
        *wrong_questions(document, file.questions),
    ]


def defaults() -> Lifecycle:
    """What holds without a lifecycle.yaml."""
    return _merged(LifecycleFile())


def _merged(file: LifecycleFile) -> Lifecycle:
    tracks = {name: Track(name, entry.owner, entry.calendar) for name, entry in file.tracks.items()}
    reasons = {name: _reason(name, entry) for name, entry in file.reasons.items()}
    keep = file.decisions_keep.elapsed if file.decisions_keep else DECISIONS_KEEP
    return Lifecycle(
        tracks={**DEFAULT_TRACKS, **tracks},
        default_track=file.default_track,
        intake_queue=file.intake.queue,
        intake_owner=file.intake.owner,
        reasons={**DEFAULT_REASONS, **reasons},
        slas={**DEFAULT_SLAS, **{name: span.duration for name, span in file.slas.items()}},
        ladder=DEFAULT_LADDER if file.ladder is None else _ladder(file.ladder),
        sla_ladders={name: _ladder(rungs) for name, rungs in file.sla_ladders.items()},
        stale=_stale(file.stale),
        recycles_max=file.recycles_max,
        required={str(stage): names for stage, names in file.required.items()},
        escalation_contact=file.escalation_contact,
        currency=file.currency,
        prefer_previous_owner=file.prefer_previous_owner,
        decisions_keep=keep,
        questions=QUESTIONS.get(file.questions, ())
        if isinstance(file.questions, str)
        else file.questions,
        stages=stages(file.stages),
        top_again=file.top_again.duration if file.top_again else TOP_AGAIN,
    )


def _reason(name: str, entry: ReasonEntry) -> Reason:
    after = entry.reevaluate.duration if entry.reevaluate else None
    return Reason(name, entry.then, entry.tracks, after, entry.returns_turn)


def _ladder(rungs: tuple[RungEntry, ...]) -> tuple[Rung, ...]:
    return tuple(Rung(rung.after.duration, rung.tell, rung.do is not None) for rung in rungs)


def _stale(given: Mapping[str, Mapping[str, Span]]) -> Stale:
    return {
        stage: {**spans, **{act: span.duration for act, span in given.get(stage, {}).items()}}
        for stage, spans in DEFAULT_STALE.items()
    }


def _wrong_tracks(document: Document, file: LifecycleFile, names: Names) -> Iterator[Mistake]:
    known = {*DEFAULT_TRACKS, *file.tracks}
    if file.default_track not in known:
        what = f"unknown track '{file.default_track}'"
        yield document.mistake(("default_track",), what, did_you_mean(file.default_track, known))
    for name, entry in file.tracks.items():
        if name == SUPPRESSED.id:
            what = f"the track '{name}' is built in, for leads that must not be contacted"
            yield document.mistake(("tracks", name), what, "choose another name")
        if entry.calendar not in names.calendars:
            what = f"unknown calendar '{entry.calendar}'"
            path: Path = ("tracks", name, "calendar")
            yield document.mistake(path, what, did_you_mean(entry.calendar, names.calendars))


def _wrong_reasons(document: Document, file: LifecycleFile) -> Iterator[Mistake]:
    known = {*DEFAULT_TRACKS, *file.tracks}
    for name, entry in file.reasons.items():
        path: Path = ("reasons", name)
        for index, track in enumerate(entry.tracks):
            if track not in known:
                what, remedy = f"unknown track '{track}'", did_you_mean(track, known)
                yield document.mistake((*path, "tracks", index), what, remedy)
        if entry.then is Then.RECYCLE and entry.reevaluate is None:
            what = "a reason that recycles needs a time to look again"
            yield document.mistake(path, what, "add 'reevaluate: 90d'")
        if entry.then is not Then.RECYCLE and (entry.tracks or entry.reevaluate):
            what = f"a reason that leads to {entry.then} has no tracks and no time to look again"
            yield document.mistake(path, what, "remove them, or write 'then: recycle'")


def _wrong_ladders(document: Document, file: LifecycleFile, names: Names) -> Iterator[Mistake]:
    yield from _wrong_ladder(document, ("ladder",), file.ladder or (), names)
    slas = {*DEFAULT_SLAS, *file.slas}
    for name, rungs in file.sla_ladders.items():
        path: Path = ("sla_ladders", name)
        if name not in slas:
            yield document.mistake(path, f"unknown SLA '{name}'", did_you_mean(name, slas))
        yield from _wrong_ladder(document, path, rungs, names)


def _wrong_ladder(
    document: Document, path: Path, rungs: tuple[RungEntry, ...], names: Names
) -> Iterator[Mistake]:
    yield from wrong_rungs(document, path, [rung.after.duration for rung in rungs])
    yield from wrong_words(document, path, [rung.tell for rung in rungs], names)


def _wrong_currency(document: Document, file: LifecycleFile) -> Iterator[Mistake]:
    if not _CURRENCY.fullmatch(file.currency):
        what = f"'{file.currency}' is no currency"
        yield document.mistake(("currency",), what, "write its code of three letters, such as EUR")


def _wrong_stale(document: Document, file: LifecycleFile) -> Iterator[Mistake]:
    for stage, acts in file.stale.items():
        if stage not in DEFAULT_STALE:
            what = f"no time limit of its own is known for '{stage}'"
            yield document.mistake(("stale", stage), what, did_you_mean(stage, DEFAULT_STALE))
            continue
        for act, span in acts.items():
            if act not in DEFAULT_STALE[stage]:
                what = f"'{act}' is nothing that happens to a stale {stage}"
                remedy = did_you_mean(act, DEFAULT_STALE[stage])
                yield document.mistake(("stale", stage, act), what, remedy)
            elif act == AGAIN and not is_lasting(span.duration):
                what = "told again after no time at all, nobody would ever be told anything else"
                yield document.mistake(("stale", stage, act), what, "write a longer time")
