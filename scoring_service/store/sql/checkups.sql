-- name: timers_of(kind, subjects)
select kind, subject, due_at, revision, attempts
from timers
where kind = :kind
    and subject in (select value from json_each(cast(:subjects as text)));

-- name: standing_assignments(lead_ids)
select assignment_id, lead_id, decision_id, owner_kind, owner_id, cause, assigned_at, pool, route,
    sla, team, manager, draw_number, enqueued_at, respond_by, ended_at, ended_how, given_back,
    arms
from assignments
where ended_at is null
    and lead_id in (select value from json_each(cast(:lead_ids as text)))
order by lead_id, assigned_at, assignment_id;

-- name: places_of(lead_ids)
select pool, lead_id, enqueued_at, number, body
from queue_places
where lead_id in (select value from json_each(cast(:lead_ids as text)));

-- name: rotations()
select pool from rotations order by pool;

-- name: draws_of(pool, number, at_most)
select number, winner, gains, paid, given_back, decision_id
from draws
where pool = :pool and number > :number
order by number
limit :at_most;

-- name: draws_before(pool, number, at_most)
-- The last one first.
select number, winner, gains, paid, given_back, at
from draws
where pool = :pool and number < :number
order by number desc
limit :at_most;

-- name: assignments_by_decision(decision_ids)
select assignments.assignment_id, assignments.lead_id, assignments.decision_id,
    assignments.owner_kind, assignments.owner_id, assignments.cause, assignments.assigned_at,
    assignments.pool, assignments.route, assignments.sla, assignments.team, assignments.manager,
    assignments.draw_number, assignments.enqueued_at, assignments.respond_by,
    assignments.ended_at, assignments.ended_how, assignments.given_back,
    assignments.arms
from assignments join decisions on decisions.assignment_id = assignments.assignment_id
where decisions.decision_id in (select value from json_each(cast(:decision_ids as text)));

-- name: stray_timers(kind)
-- Timers of a kind whose lead is not there.
select kind, subject, due_at, revision, attempts
from timers
where kind = :kind and not exists (select 1 from leads where leads.lead_id = timers.subject);
