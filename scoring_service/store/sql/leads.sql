-- name: leads(lead_ids)
select lead_id, body
from leads
where lead_id in (select value from json_each(cast(:lead_ids as text)));

-- name: leads_by_email(emails)
-- The leads of the persons with these addresses, a person's latest cycle last.
select emails.email, leads.lead_id, leads.body
from emails join leads on leads.person_id = emails.person_id
where emails.email in (select value from json_each(cast(:emails as text)))
order by leads.cycle, leads.created_at, leads.lead_id;

-- name: save_email(email, person_id)*!
insert into emails (email, person_id)
values (:email, :person_id)
on conflict (email) do nothing;

-- name: save_lead(lead_id, person_id, cycle, stage, owner_kind, owner_id, created_at, updated_at, body)*!
insert into leads
    (lead_id, person_id, cycle, stage, owner_kind, owner_id, created_at, updated_at, body)
values
    (:lead_id, :person_id, :cycle, :stage, :owner_kind, :owner_id, :created_at, :updated_at, :body)
on conflict (lead_id) do update set
    person_id = excluded.person_id,
    cycle = excluded.cycle,
    stage = excluded.stage,
    owner_kind = excluded.owner_kind,
    owner_id = excluded.owner_id,
    updated_at = excluded.updated_at,
    body = excluded.body;

-- name: open_leads(rep_ids)
-- How many leads each rep has to work on: mql, sal and sql.
select owner_id, count(*)
from leads
where owner_kind = 'rep'
    and owner_id in (select value from json_each(cast(:rep_ids as text)))
    and stage in ('mql', 'sal', 'sql')
group by owner_id;

-- name: leads_by_owner()
-- How many leads each queue and track has.
select owner_kind, owner_id, count(*)
from leads
where owner_kind in ('queue', 'track')
group by owner_kind, owner_id
order by owner_kind, owner_id;

-- name: record_change(subject_kind, subject_id, field, old, new, at, actor)*!
insert into field_changes (subject_kind, subject_id, field, old, new, at, actor)
values (:subject_kind, :subject_id, :field, :old, :new, :at, :actor);

-- name: field_changes(subject_kind, subject_id)
select field, old, new, at, actor
from field_changes
where subject_kind = :subject_kind and subject_id = :subject_id
order by at, field;

-- name: record_stage(lead_id, visit, cycle, stage_from, stage_to, at, actor, cause, reason, note, owner, score, bars_missed, revision, model)*!
insert into stage_entries
    (lead_id, visit, cycle, stage_from, stage_to, at, actor, cause, reason, note, owner, score,
    bars_missed, revision, model)
values
    (:lead_id, :visit, :cycle, :stage_from, :stage_to, :at, :actor, :cause, :reason, :note, :owner,
    :score, :bars_missed, :revision, :model);

-- name: stage_entries(lead_id)
select lead_id, visit, cycle, stage_from, stage_to, at, actor, cause, reason, note, owner, score,
    bars_missed, revision, model
from stage_entries
where lead_id = :lead_id
order by visit;
