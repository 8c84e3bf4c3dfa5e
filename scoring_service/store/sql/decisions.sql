-- name: decision(decision_id)
select decision_id, lead_id, at, actor, revision, model, semantics, facts, decision, assignment_id,
    trimmed_at
from decisions
where decision_id = :decision_id;

-- name: decisions_after(decision_id, at_most)
select decision_id, lead_id, at, actor, revision, model, semantics, facts, decision, assignment_id,
    trimmed_at
from decisions
where decision_id > :decision_id
order by decision_id
limit :at_most;

-- name: decisions_before(decision_id, at_most)
-- Backward.
select decision_id, lead_id, at, actor, revision, model, semantics, facts, decision, assignment_id,
    trimmed_at
from decisions
where decision_id < :decision_id
order by decision_id desc
limit :at_most;

-- name: record_decision(decision_id, lead_id, at, actor, revision, model, semantics, facts, decision, assignment_id)*!
insert into decisions
    (decision_id, lead_id, at, actor, revision, model, semantics, facts, decision, assignment_id)
values
    (:decision_id, :lead_id, :at, :actor, :revision, :model, :semantics, :facts, :decision,
    :assignment_id);

-- name: decisions_with_facts(before, at_most)
-- The oldest that still have them.
select decision_id
from decisions
where trimmed_at is null and at < :before
order by at
limit :at_most;

-- name: drop_facts(decision_id, at)*!
update decisions set facts = '', trimmed_at = :at
where decision_id = :decision_id and trimmed_at is null;
