"""One command over the rows of one file, through a server."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from scoring_service.cli.files.results import Tally, writer_to, written
from scoring_service.cli.files.rows import STDOUT, Numbered, rows
from scoring_service.cli.serving.connection import Reached, reached
from scoring_service.cli.serving.where import Where
from scoring_service.cli.sparing import spare

Answers = Callable[[Reached, Iterator[Numbered]], AsyncIterator[Numbered]]


@dataclass(frozen=True, slots=True)
class Job:
    """The file, where its results go, and `word` for what is done to a row."""

    file: str
    out: str
    as_json: bool
    columns: Sequence[str]
    word: str


def over_file(job: Job, where: Where, answers: Answers) -> int:
    """Do it; the exit code: 1 when a row was left out. Raises Problem, where the file as a whole
    cannot be read before anything is written.
    """
    spare("--out", job.out, job.file, where.rules, where.store)
    tally = Tally(job.file, job.word)
    asyncio.run(_over_file(job, where, answers, tally))
    return tally.sum_up()


async def _over_file(job: Job, where: Where, answers: Answers, tally: Tally) -> None:
    async with reached(where) as server:
        found = rows(job.file)
        first = list(islice(found, 1))
        with writer_to(job.out, job.file, job.columns, job.as_json) as writer:
            results = answers(server, chain(first, found))
            await written(results, writer.write, tally, seen=_seen(job))


def _seen(job: Job) -> bool:
    """Whether the results stand on a terminal."""
    return job.out == STDOUT and sys.stdout.isatty()
