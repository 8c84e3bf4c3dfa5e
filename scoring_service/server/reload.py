"""Edited rule files and published models: loaded, tested and activated whole, or not at all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from structlog.typing import FilteringBoundLogger

from scoring_service.policy.mistake import Mistakes
from scoring_service.server.first_policy import activate, until_latest
from scoring_service.server.guarding import Guarding
from scoring_service.server.loading import Loaded, content_of, load_folder, told
from scoring_service.server.metrics import Metrics
from scoring_service.server.start_problem import StartProblem
from scoring_service.store.store import Store
from scoring_service.values.errors import Refusal, Unavailable
from scoring_service.workflows.requests import PolicyActivated

Watch = Callable[..., AsyncIterator[object]]

ACTOR = "reload"
MISTAKES_LOGGED_MAX = 20
DEBOUNCE_MILLISECONDS = 400
LOOK_AGAIN_SECONDS = 1.0
LOOK_FOR_ANOTHER_MILLISECONDS = 1000
LOOK_FOR_OTHERS_SECONDS = 2.0


class Reloader:
    """Keeps the policy that decides at what the folder says.

    `detail` says why it does not, "" when it does: the last good policy goes on deciding. `own` is
    the revision of the folder as it was last accepted.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        metrics: Metrics,
        log: FilteringBoundLogger,
        models: Path | None = None,
    ) -> None:
        self.folder, self.store, self.metrics, self.log = folder, store, metrics, log
        self.models = models
        self.guarding = Guarding(folder, store, metrics, log)
        self.detail = ""
        self.own = ""
        self._content = b""
        self._one_at_a_time = asyncio.Lock()

    async def reload(self) -> None:
        """Load the folder and have it decide. Nothing is raised: what is wrong is told."""
        async with self._one_at_a_time:
            before = self.guarding.refused
            try:
                loaded, made = await until_latest(self.store, self._activated)
            except Unavailable as away:
                self._refused(away)
                self.guarding.refused = before  # what was forced is tried again
            except (Mistakes, StartProblem, Refusal) as wrong:
                self._refused(wrong)
            except Exception as error:
                self.log.error("reload_failed", error=error)
                self.refuse("the rules folder could not be loaded; the log says where")
            else:
                self._accepted(loaded, changed=made.changed)

    async def _activated(self, after: int) -> tuple[Loaded, PolicyActivated]:
        await self.note()
        loaded = await asyncio.to_thread(
            load_folder, self.folder, self.store.policies.active, self.models
        )
        return loaded, await activate(self.store, loaded, ACTOR, self.guarding, after)

    async def note(self) -> None:
        """To be called before the folder is read: what it says now needs no other reload."""
        self._content = await self._content_now()

    async def _content_now(self) -> bytes:
        return await asyncio.to_thread(content_of, self.folder, self.models)

    async def keep_looking(self, every: float = LOOK_FOR_OTHERS_SECONDS) -> None:
        """Look every few seconds for what was done elsewhere, until cancelled. Apart from the
        probes, which a reload would hold up.
        """
        while True:
            await asyncio.sleep(every)
            await self.look()

    async def look(self) -> None:
        """See whether what the guard refused was forced, and whether others had rules decide."""
        await self.look_at_the_refused()
        self.compare()

    async def look_at_the_refused(self) -> None:
        """Load the folder anew where somebody had pass what the guard refused of it."""
        try:
            may = await self.guarding.may_decide_now()
        except Exception:  # whatever keeps the store from answering: who looks goes on looking
            return
        if may:
            await self.reload()

    async def watch(self) -> None:
        """Reload whenever a file of the folder changes, the folder itself is another one, or
        another model is current, until cancelled. What changed since it was read is noticed too.
        """
        anew = False
        while True:
            try:
                await self._watch(self.folder.stat().st_ino, anew=anew)
                anew = False
                continue
            except FileNotFoundError:
                why = self._gone()
            except Exception as error:  # such as a machine that watches too many files already
                why = f"edits of {self.folder} are not noticed: {error}; SIGHUP has it loaded"
            if why != self.detail:
                self.log.error("rules_not_watched", why=why)
            self.refuse(why)
            anew = True
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    def _gone(self) -> str:
        if self.models is not None and self.folder.exists():
            return f"the models folder {self.models} is gone"
        return f"the rules folder {self.folder} is gone"

    async def _watch(self, inode: int, *, anew: bool) -> None:
        """Until another folder stands in the place of this one. `anew` is whether something may
        have changed while nobody watched.
        """
        awatch = await asyncio.to_thread(_watching)
        missed = not anew
        watched = [self.folder] if self.models is None else [self.folder, self.models]
        async for changes in awatch(
            *watched,
            debounce=DEBOUNCE_MILLISECONDS,
            step=50,
            rust_timeout=LOOK_FOR_ANOTHER_MILLISECONDS,
            yield_on_timeout=True,
            recursive=False,
        ):
            another = self.folder.stat().st_ino != inode
            missed = missed and await self._content_now() != self._content
            if changes or another or anew or missed:
                anew = missed = False
                await self.reload()
            if another:
                return

    def refuse(self, detail: str) -> None:
        """The folder is not what decides, for this reason."""
        self.detail = detail
        self.metrics.reload_failed.set(1)

    def accept(self, revision: str) -> None:
        """The folder is what decides."""
        self.own, self.detail = revision, ""
        self.metrics.reload_failed.set(0)
        self.metrics.policy_is(revision, self._model())

    def compare(self) -> None:
        """Say so where another server has had other rules decide."""
        active = self.store.policies.revision
        if self.own and active != self.own:
            self.metrics.policy_is(active, self._model())
            self.log.warning("policy_of_another_server", own=self.own, active=active)
            self.refuse(
                f"the rules folder is revision {self.own}; {active} decides, from elsewhere"
            )
            self.own = ""

    def _model(self) -> str:
        model = self.store.policies.active.model
        return "" if model is None else model.version

    def _accepted(self, loaded: Loaded, *, changed: bool) -> None:
        self.accept(loaded.policy.revision)
        if changed:
            self.metrics.reloads.inc()
            self.log.info("policy_activated", revision=loaded.policy.revision, by=ACTOR)

    def _refused(self, wrong: Mistakes | StartProblem | Refusal) -> None:
        self.metrics.reload_failures.inc()
        if not isinstance(wrong, Refusal):
            self.guarding.forget()
        if isinstance(wrong, Mistakes):
            shown = [str(mistake) for mistake in wrong.mistakes[:MISTAKES_LOGGED_MAX]]
            self.log.error("policy_refused", mistakes=shown, found=len(wrong.mistakes))
            self.refuse(f"the rules folder is refused: {told(wrong)}")
        else:
            self.log.error("policy_refused", why=str(wrong))
            self.refuse(f"the rules folder is refused: {wrong}")


def _watching() -> Watch:
    """What watches a folder; its import would make a start slower, and hold up calls after it."""
    from watchfiles import awatch

    return awatch
