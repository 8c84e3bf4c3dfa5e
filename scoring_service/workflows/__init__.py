"""Floor 4: one workflow a business moment: read, decide (pure), write, in one unit of work.

A workflow that stores is `f(tx, policy, request, now) -> result`, handed to the store's writer; one
that only reads takes a reader instead of `tx`. Requests and results are the frozen values of
`requests.py`; what a workflow refuses it raises as one of `values.errors`.

scoring.scores_inline(policy, accounts, requests, now) -> list[Score]
scoring.score_stored(policy, accounts, leads, request, now) -> Score
assignment.route(tx, policy, request, now) -> AssignmentView
accounts.upsert(tx, policy, request, now) -> AccountsUpserted
accounts.get(accounts, account_id) -> Account
due.run_due(tx, policy, now) -> int               the writer's batch hook
drains.drain(tx, policy, pools, now) -> int       one slice of the queues of these pools
activation.activate(tx, policy, request, now) -> PolicyActivated
records.assignment(reader, assignment_id) -> AssignmentView
records.assignments(reader, ...) -> tuple[AssignmentView, ...]
records.decision(reader, decision_id, policy_of) -> DecisionRecord
replay.replay(policy, stored) -> Replay
keys.of_route(request), keys.of_accounts(request) -> Keys
"""
