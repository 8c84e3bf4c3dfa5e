-- name: leads_after(lead_id, since, at_most)
select lead_id, body
from leads
where lead_id > :lead_id and updated_at >= :since
order by lead_id
limit :at_most;

-- name: stage_entries_of_leads(lead_ids)
-- Without the scores that their decisions say.
select lead_id, visit, cycle, stage_from, stage_to, at, actor, cause, reason, note, owner, score,
    bars_missed, revision, model, arms, decision_id
from stage_entries
where lead_id in (select value from json_each(cast(:lead_ids as text)))
order by lead_id, visit;

-- name: field_changes_of_leads(lead_ids)
select subject_id, field, old, new, at
from field_changes
where subject_kind = 'lead'
    and subject_id in (select value from json_each(cast(:lead_ids as text)))
order by subject_id, at, field;

-- name: activities_of_leads(lead_ids)
select lead_id, recorded_at, body
from activity_sets
where lead_id in (select value from json_each(cast(:lead_ids as text)))
order by number;

-- name: facts_of_leads(lead_ids)
select lead_id, at, facts
from decisions
where lead_id in (select value from json_each(cast(:lead_ids as text)))
order by at, decision_id;
