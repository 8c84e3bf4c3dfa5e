"""Which policy decides after a start: the folder's, or the one the store had active."""

import asyncio
from pathlib import Path

from scoring_service.domain.policy import Policy
from scoring_service.policy.mistake import Mistakes
from scoring_service.server.guarding import Guarding
from scoring_service.server.loading import Loaded, load_folder, told
from scoring_service.server.start_problem import StartProblem
from scoring_service.store.store import Store
from scoring_service.values.errors import FailedPrecondition
from scoring_service.workflows import activation
from scoring_service.workflows.requests import ActivatePolicy, PolicyActivated

ACTOR = "serve"
SHARED = "postgresql"
"""The engine on which several servers share a store."""


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
        loaded = await asyncio.to_thread(load_folder, folder, None, models)
        later = "" if anyway else await _superseding(store, loaded.policy.revision)
        if later:
            await _follow(store, later)
            return (
                f"the rules folder is revision {loaded.policy.revision}, which {later} has"
                " superseded; start with --activate to have it decide again"
            )
        await activate(store, loaded, ACTOR, guarding)
    except (Mistakes, FailedPrecondition) as refused:
        why = told(refused) if isinstance(refused, Mistakes) else refused.message
        if not active:
            raise StartProblem(f"the rules in {folder} make no policy: {why}") from refused
        await _follow(store, active)
        return f"the rules folder is refused, revision {active} goes on deciding: {why}"
    return ""


async def activate(
    store: Store, loaded: Loaded, actor_id: str, guarding: Guarding | None = None
) -> PolicyActivated:
    """Have a loaded folder decide, by a unit of its own, where the guard lets it. Raises
    FailedPrecondition.
    """
    if guarding is not None:
        await guarding.hold(loaded)
    content = await asyncio.to_thread(loaded.source.pack)
    request = ActivatePolicy(content, actor_id)
    return await store.writer.activate(
        lambda tx, policy, now: activation.activate(tx, policy, request, now), loaded.policy
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
