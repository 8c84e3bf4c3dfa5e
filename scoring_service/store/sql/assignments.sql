-- name: assignments(assignment_ids)
select assignment_id, lead_id, decision_id, owner_kind, owner_id, cause, assigned_at, pool, route,
    sla, team, manager, draw_number, enqueued_at, respond_by, ended_at, ended_how, given_back,
    arms
from assignments
where assignment_id in (select value from json_each(cast(:assignment_ids as text)));

-- name: assignments_of_lead(lead_id, before_at, before_id, at_most)
select assignment_id, lead_id, decision_id, owner_kind, owner_id, cause, assigned_at, pool, route,
    sla, team, manager, draw_number, enqueued_at, respond_by, ended_at, ended_how, given_back,
    arms
from assignments
where lead_id = :lead_id and (assigned_at, assignment_id) < (:before_at, :before_id)
order by assigned_at desc, assignment_id desc
limit :at_most;

-- name: assignments_of_rep(rep_id, lead_id, before_at, before_id, at_most)
-- Of any lead where lead_id is null.
select assignment_id, lead_id, decision_id, owner_kind, owner_id, cause, assigned_at, pool, route,
    sla, team, manager, draw_number, enqueued_at, respond_by, ended_at, ended_how, given_back,
    arms
from assignments
where owner_kind = 'rep' and owner_id = :rep_id
    and (cast(:lead_id as text) is null or lead_id = cast(:lead_id as text))
    and (assigned_at, assignment_id) < (:before_at, :before_id)
order by assigned_at desc, assignment_id desc
limit :at_most;

-- name: assignments_before(before_at, before_id, at_most)
select assignment_id, lead_id, decision_id, owner_kind, owner_id, cause, assigned_at, pool, route,
    sla, team, manager, draw_number, enqueued_at, respond_by, ended_at, ended_how, given_back,
    arms
from assignments
where (assigned_at, assignment_id) < (:before_at, :before_id)
order by assigned_at desc, assignment_id desc
limit :at_most;

-- name: taken_since(rep_ids, since)
-- How many leads each rep got since an instant and did not give back.
select owner_id, count(*)
from assignments
where owner_kind = 'rep'
    and owner_id in (select value from json_each(cast(:rep_ids as text)))
    and assigned_at >= :since
    and given_back = 0
group by owner_id;

-- name: save_assignment(assignment_id, lead_id, decision_id, owner_kind, owner_id, cause, assigned_at, pool, route, sla, team, manager, draw_number, enqueued_at, respond_by, ended_at, ended_how, given_back, arms)*!
-- Of one that is stored only how it ended changes.
insert into assignments
    (assignment_id, lead_id, decision_id, owner_kind, owner_id, cause, assigned_at, pool, route,
    sla, team, manager, draw_number, enqueued_at, respond_by, ended_at, ended_how, given_back,
    arms)
values
    (:assignment_id, :lead_id, :decision_id, :owner_kind, :owner_id, :cause, :assigned_at, :pool,
    :route, :sla, :team, :manager, :draw_number, :enqueued_at, :respond_by, :ended_at, :ended_how,
    :given_back, :arms)
on conflict (assignment_id) do update set
    ended_at = excluded.ended_at,
    ended_how = excluded.ended_how,
    given_back = excluded.given_back;
