"""Which policy decides after a start: the folder's, or the one the store had active."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from scoring_service.domain.policy import Policy
from scoring_service.policy.mistake import Mistakes
from scoring_service.server.guarding import Guarding
from scoring_service.server.loading import Loaded, load_folder, told
from scoring_service.server.start_problem import StartProblem
from scoring_service.store.store import Store
from scoring_service.values.errors import FailedPrecondition
from scoring_service.workflows import activation
from scoring_service.workflows.activation import Superseded
from scoring_service.workflows.requests import ActivatePolicy, PolicyActivated

Result = TypeVar("Result")

ACTOR = "serve"
SHARED = "postgresql"
"""The engine on which several servers share a store."""

READS_MAX = 16
"""Times a folder is read because others had a policy decide while it was read."""


async def first_policy(
    store: Store,
    folder: Path,
    models: Path | None = None,
    *,
    anyway: bool,
    guarding: Guarding | None = None,
) -> str:
    """Have a policy decide; returns why it is not the folder's, "" when it is.

    A folder that is broken, that the store or the guard refuses, or (on PostgreSQL, unless
    `anyway`) that another one has superseded gives way to the store's active revision. StartProblem
    where there is none.
    """
    active = await store.read(lambda reader: reader.active_revision())
    try:
        return await until_latest(
            store, lambda after: _first(store, folder, models, anyway, guarding, after)
        )
    except (Mistakes, FailedPrecondition) as refused:
        why = told(refused) if isinstance(refused, Mistakes) else refused.message
        if not active:
            raise StartProblem(f"the rules in {folder} make no policy: {why}") from refused
        await _follow(store, active)
        return f"the rules folder is refused, revision {active} goes on deciding: {why}"


async def until_latest(store: Store, read: Callable[[int], Awaitable[Result]]) -> Result:
    """What `read` gives, which reads files after the activation whose number it is told and has
    them decide, again where others had a policy decide meanwhile: they may have read newer files.

    FailedPrecondition where they do so again and again.
    """
    for _ in range(READS_MAX):
        after = await store.read(lambda reader: reader.latest_activation())
        with suppress(Superseded):
            return await read(after)
    raise FailedPrecondition(
        f"other servers had a policy decide {READS_MAX} times while the folder was being read;"
        " see that all have the same rules, and save a file of the folder again"
    )


async def activate(
    store: Store,
    loaded: Loaded,
    actor_id: str,
    guarding: Guarding | None = None,
    read_after: int | None = None,
) -> PolicyActivated:
    """Have a loaded folder decide, by a unit of its own, where the guard lets it. Raises
    FailedPrecondition, and Superseded where something was activated since `read_after`.
    """
    if guarding is not None:
        await guarding.hold(loaded)
    content = await asyncio.to_thread(loaded.source.pack)
    request = ActivatePolicy(content, actor_id, read_after)
    return await store.writer.activate(
        lambda tx, policy, now: activation.activate(tx, policy, request, now), loaded.policy
    )


async def _first(
    store: Store,
    folder: Path,
    models: Path | None,
    anyway: bool,
    guarding: Guarding | None,
    after: int,
) -> str:
    loaded = await asyncio.to_thread(load_folder, folder, None, models)
    later = "" if anyway else await _superseding(store, loaded.policy.revision)
    if not later:
        await activate(store, loaded, ACTOR, guarding, after)
        return ""
    await _follow(store, later)
    return (
        f"the rules folder is revision {loaded.policy.revision}, which {later} has"
        " superseded; start with --activate to have it decide again"
    )


async def _superseding(store: Store, revision: str) -> str:
    """The active revision, where replicas share the store and this one was active before it.

    Asked in this order: what is stored has been activated by then, so that a replica that starts at
    the same moment with the same rules has superseded nothing.
    """
    if store.engine != SHARED:
        return ""
    known = await store.read(lambda reader: reader.revision_content(revision)) is not None
    active = await store.read(lambda reader: reader.active_revision()) or ""
    return active if known and active != revision else ""


async def _follow(store: Store, revision: str) -> None:
    policy: Policy | None = store.policies.get(revision)
    if policy is None:
        content = await store.read(lambda reader: reader.revision_content(revision))
        assert content is not None, f"revision {revision} is active and not stored"
        try:
            policy = await asyncio.to_thread(store.policies.compile, content)
        except Mistakes as refused:
            raise StartProblem(
                f"this version cannot read the store's active revision {revision}: {told(refused)}"
            ) from refused
    store.policies.follow(policy)
