"""The `stages:` of lifecycle.yaml: who holds its leads, which clocks they have, their ways out."""

from collections.abc import Iterable, Iterator, Mapping

from scoring_service.domain.lifecycle.lifecycle import Holder, StageRule
from scoring_service.domain.lifecycle.moves import AUTOMATION, SALES
from scoring_service.domain.lifecycle.stage_clocks import STAGE_CLOCKS
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.lifecycle_stage_defaults import DEFAULT_STAGES
from scoring_service.policy.files.reading import Shape
from scoring_service.policy.mistake import Mistake, did_you_mean
from scoring_service.values.clock import ClockName
from scoring_service.values.stage import FINISHED, Stage


class StageShape(Shape, frozen=True):
    """A stage; what it leaves out keeps its default. `exits` are stages it may be left for."""

    owner: tuple[Holder, ...] | None = None
    clocks: tuple[ClockName, ...] | None = None
    entry: str | None = None
    exit: str | None = None
    exits: tuple[Stage, ...] | None = None


def stages(given: Mapping[str, StageShape]) -> dict[Stage, StageRule]:
    """Every stage with the defaults where the file is silent."""
    return {
        stage: _merged(rule, given[stage.value]) if stage.value in given else rule
        for stage, rule in DEFAULT_STAGES.items()
    }


def wrong_stages(document: Document, given: Mapping[str, StageShape]) -> Iterator[Mistake]:
    """Stages that are none, or whose leads would have no owner, no clock or no way out."""
    for name, shape in given.items():
        path: Path = ("stages", name)
        if name not in set(Stage):
            yield document.mistake(path, f"unknown stage '{name}'", did_you_mean(name, set(Stage)))
            continue
        stage = Stage(name)
        yield from _wrong_owner(document, path, stage, shape)
        yield from _wrong_clocks(document, path, stage, shape)
        yield from _wrong_ways(document, path, stage, shape)


def _merged(rule: StageRule, shape: StageShape) -> StageRule:
    return StageRule(
        owner=rule.owner if shape.owner is None else shape.owner,
        clocks=rule.clocks if shape.clocks is None else shape.clocks,
        entry=rule.entry if shape.entry is None else shape.entry,
        exit=rule.exit if shape.exit is None else shape.exit,
        exits=rule.exits if shape.exits is None else shape.exits,
    )


def _wrong_owner(
    document: Document, path: Path, stage: Stage, shape: StageShape
) -> Iterator[Mistake]:
    if shape.owner is None:
        return
    known = DEFAULT_STAGES[stage].owner
    if not shape.owner:
        what = f"nobody holds the leads of '{stage}'"
        yield document.mistake((*path, "owner"), what, f"give {_or(known)}")
    for index, holder in enumerate(shape.owner):
        if holder not in known:
            what = f"a {holder} cannot hold the leads of '{stage}'"
            yield document.mistake((*path, "owner", index), what, f"give {_or(known)}")


def _wrong_clocks(
    document: Document, path: Path, stage: Stage, shape: StageShape
) -> Iterator[Mistake]:
    if shape.clocks is None:
        return
    rows = STAGE_CLOCKS[stage]
    known = [row.name for row in rows]
    for index, clock in enumerate(shape.clocks):
        if clock not in known:
            what = f"'{stage}' has no clock '{clock}'"
            remedy = did_you_mean(clock, known) if known else "it is finished: remove it"
            yield document.mistake((*path, "clocks", index), what, remedy)
    for row in rows:
        if row.lasts and row.name not in shape.clocks:
            what = f"without the clock '{row.name}' a lead could stay in '{stage}' for ever"
            yield document.mistake((*path, "clocks"), what, f"add '{row.name}'")


def _wrong_ways(
    document: Document, path: Path, stage: Stage, shape: StageShape
) -> Iterator[Mistake]:
    for key, text in (("entry", shape.entry), ("exit", shape.exit)):
        if text is not None and not text.strip():
            what = f"'{stage}' has no {key} criterion"
            yield document.mistake((*path, key), what, "say in a sentence what must be true")
    if shape.exits is None:
        return
    ways = AUTOMATION[stage] | SALES[stage]
    if not shape.exits and stage not in FINISHED:
        what = f"there is no way out of '{stage}'"
        yield document.mistake((*path, "exits"), what, f"give some of {_or(sorted(ways))}")
    for index, to in enumerate(shape.exits):
        if to not in ways:
            what = f"no lead goes from '{stage}' to '{to}'"
            remedy = f"give some of {_or(sorted(ways))}" if ways else "it is finished: remove it"
            yield document.mistake((*path, "exits", index), what, remedy)
    yield from _lost_ways(document, path, stage, shape.exits)


def _lost_ways(
    document: Document, path: Path, stage: Stage, exits: tuple[Stage, ...]
) -> Iterator[Mistake]:
    """What automation must be able to do, whatever sales may."""
    for to in sorted(AUTOMATION[stage] - set(exits)):
        what = f"time and events take leads from '{stage}' to '{to}'"
        if exits:
            yield document.mistake((*path, "exits"), what, f"add '{to}'")


def _or(names: Iterable[str]) -> str:
    return ", ".join(names)
