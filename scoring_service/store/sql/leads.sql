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

-- name: leads_of_person(person_id)
select lead_id, body from leads where person_id = :person_id order by cycle, created_at, lead_id;

-- name: leads_of_name(company, full_name, at_most)
-- Those of a company by its name, and of a full name, both in lower case.
select lead_id, body
from leads
where company_key = :company and name_key = :full_name
order by lead_id
limit :at_most;

-- name: leads_listed_in(stage, score, lead_id, at_most)
-- By score, the highest first, and by id, the last first: those behind a score and an id.
select lead_id, body, score
from leads
where stage = :stage and (score, lead_id) < (:score, :lead_id)
order by score desc, lead_id desc
limit :at_most;

-- name: leads_listed_of_owner_in(owner_kind, owner_id, stage, score, lead_id, at_most)
select lead_id, body, score
from leads
where owner_kind = :owner_kind
    and owner_id = :owner_id
    and stage = :stage
    and (score, lead_id) < (:score, :lead_id)
order by score desc, lead_id desc
limit :at_most;

-- name: leads_listed_of_account(account_id, owner_kind, owner_id, stage, score, lead_id, at_most)
-- An owner or a stage that is null is any.
select lead_id, body, score
from leads
where account_id = :account_id
    and (cast(:owner_kind as text) is null or owner_kind = cast(:owner_kind as text))
    and (cast(:owner_id as text) is null or owner_id = cast(:owner_id as text))
    and (cast(:stage as text) is null or stage = cast(:stage as text))
    and (score, lead_id) < (:score, :lead_id)
order by score desc, lead_id desc
limit :at_most;

-- name: take_emails(to_person, from_person)*!
update emails set person_id = :to_person where person_id = :from_person;

-- name: save_lead(lead_id, person_id, cycle, stage, owner_kind, owner_id, created_at, updated_at, account_id, score, company_key, name_key, body)*!
insert into leads
    (lead_id, person_id, cycle, stage, owner_kind, owner_id, created_at, updated_at, account_id,
    score, company_key, name_key, body)
values
    (:lead_id, :person_id, :cycle, :stage, :owner_kind, :owner_id, :created_at, :updated_at,
    :account_id, :score, :company_key, :name_key, :body)
on conflict (lead_id) do update set
    person_id = excluded.person_id,
    cycle = excluded.cycle,
    stage = excluded.stage,
    owner_kind = excluded.owner_kind,
    owner_id = excluded.owner_id,
    updated_at = excluded.updated_at,
    account_id = excluded.account_id,
    score = excluded.score,
    company_key = excluded.company_key,
    name_key = excluded.name_key,
    body = excluded.body;

-- name: open_leads(rep_ids)
-- How many leads each rep has to work on: mql, sal and sql.
select owner_id, count(*)
from leads
where owner_kind = 'rep'
    and owner_id in (select value from json_each(cast(:rep_ids as text)))
    and stage in ('mql', 'sal', 'sql')
group by owner_id;

-- name: leads_of_reps()
-- How many leads each rep owns, by stage.
select owner_id, stage, count(*)
from leads
where owner_kind = 'rep'
group by owner_id, stage
order by owner_id, stage;

-- name: leads_of_rep_in(owner_id, stages, lead_id, at_most)
select lead_id
from leads
where owner_kind = 'rep'
    and owner_id = :owner_id
    and stage in (select value from json_each(cast(:stages as text)))
    and lead_id > :lead_id
order by lead_id
limit :at_most;

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

-- name: record_stage(lead_id, visit, cycle, stage_from, stage_to, at, actor, cause, reason, note, owner, score, bars_missed, revision, model, arms, decision_id)*!
insert into stage_entries
    (lead_id, visit, cycle, stage_from, stage_to, at, actor, cause, reason, note, owner, score,
    bars_missed, revision, model, arms, decision_id)
values
    (:lead_id, :visit, :cycle, :stage_from, :stage_to, :at, :actor, :cause, :reason, :note, :owner,
    :score, :bars_missed, :revision, :model, :arms, :decision_id);

-- name: stage_entries(lead_id)
-- Each with the decision that brought it, null where there is none.
select entries.lead_id, entries.visit, entries.cycle, entries.stage_from, entries.stage_to,
    entries.at, entries.actor, entries.cause, entries.reason, entries.note, entries.owner,
    entries.score, entries.bars_missed, entries.revision, entries.model, entries.arms,
    entries.decision_id, decisions.decision
from stage_entries as entries left join decisions on decisions.decision_id = entries.decision_id
where entries.lead_id = :lead_id
order by entries.visit;
