-- What happens to leads after they were routed.

alter table leads add column account_id key_text;
alter table leads add column score double precision not null default 0;
alter table leads add column company_key key_text;
alter table leads add column name_key key_text;
create index leads_of_stage on leads (stage, score, lead_id);
create index leads_of_name on leads (company_key, name_key);
create index leads_of_account on leads (account_id, lead_id);
create index accounts_of_owner on accounts (owner_rep_id, account_id);

-- Whatever is recorded of a lead beside its stages and assignments, append-only; bodies are JSON.
create table happenings (
    number bigint primary key,
    lead_id key_text not null references leads (lead_id),
    kind key_text not null,
    at bigint not null,
    actor key_text not null,
    body text not null
);
create index happenings_of_lead on happenings (lead_id, number);

-- What people are to be told in their working hours; gone once told.
create table notices (
    number bigint primary key,
    recipient key_text not null,
    notice key_text not null,
    lead_id key_text not null,
    at bigint not null,
    body text not null
);
create index notices_of_recipient on notices (recipient, notice, number);

-- How far each receiver of events has come, and what it could not be given yet; dead is 1 or 0.
create table webhook_cursors (
    endpoint key_text primary key,
    body text not null
);
create table webhook_letters (
    endpoint key_text not null,
    number bigint not null,
    lead_id key_text not null,
    attempts bigint not null,
    next_at bigint not null,
    dead bigint not null,
    failure text not null,
    primary key (endpoint, number)
);

-- Leads of an older schema have no clocks yet: their timer lays them.
insert into timers (kind, subject, due_at, revision, attempts)
select 'lead', lead_id, updated_at, '', 0
from leads
where stage not in ('customer', 'disqualified');
insert into timers (kind, subject, due_at, revision, attempts)
select 'relay', '', coalesce(max(updated_at), 0), '', 0
from leads
having count(*) > 0;
