"""The health of the current model, looked at every hour beside the calls."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from structlog.typing import FilteringBoundLogger

from scoring_service.domain.calibration.baseline import Baseline
from scoring_service.domain.policy import Policy
from scoring_service.registry.baselines import baseline_of
from scoring_service.registry.problem import RegistryProblem
from scoring_service.registry.versions import read_version
from scoring_service.server.metrics import Metrics
from scoring_service.store.store import Store
from scoring_service.workflows.model_health import PAGE, judged, observing, take_page

EVERY_SECONDS = 3_600.0
FIRST_SECONDS = 60.0
"""How long after the start: calls come first."""

PAUSE_SECONDS = 0.05
"""Between two pages of leads, so that calls are not kept waiting."""


class ModelHealth:
    """Looks at the leads in the store and shows the model's health as metrics, alarms in the log
    too. Nothing is raised: a health that cannot be judged is told, and calls go on.
    """

    def __init__(
        self,
        models: Path | None,
        store: Store,
        metrics: Metrics,
        log: FilteringBoundLogger,
        clock: Callable[[], datetime],
        page: int = PAGE,
    ) -> None:
        self.models, self.store, self.metrics = models, store, metrics
        self.log, self.clock, self.page = log, clock, page

    async def keep_looking(
        self, first: float = FIRST_SECONDS, every: float = EVERY_SECONDS
    ) -> None:
        """Look soon after the start and then every hour, until cancelled."""
        await asyncio.sleep(first)
        while True:
            try:
                await self.look()
            except Exception as error:  # a store that is away now is there in an hour
                self.log.error("model_health_failed", error=error)
            await asyncio.sleep(every)

    async def look(self) -> None:
        """Judge the current model once; nothing is shown where there is none."""
        policy = self.store.policies.active
        baseline = await asyncio.to_thread(self._baseline, policy)
        if baseline is None:
            self.metrics.health.clear()
            return
        counted, after = observing(policy, baseline, self.clock()), ""
        while True:
            after = await self.store.read(partial(take_page, counted, after, limit=self.page))
            if not after:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        found = judged(counted)
        self.metrics.health.show(found)
        for alarm in found.alarms:
            said = {"check": alarm.check.value, "subject": alarm.subject, "why": alarm.sentence}
            self.log.warning("model_alarm", model=found.version, **said)

    def _baseline(self, policy: Policy) -> Baseline | None:
        """That of the model that decides; None where there is no model, or it was kept nowhere."""
        if policy.model is None or self.models is None:
            return None
        try:
            found = baseline_of(read_version(self.models, policy.model.version))
        except RegistryProblem as problem:
            self.log.warning("model_health_unknown", why=str(problem))
            return None
        if found is None:
            self.log.warning("model_health_unknown", why="the version was published without one")
        return found
