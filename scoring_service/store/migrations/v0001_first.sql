-- Instants are microseconds since 1970 in UTC; bodies are JSON of the values called in rows.py.
-- A body holds the whole value; the columns beside it are what is asked for, and are derived from it.

-- What has to count or move on from batch to batch: the last committed instant, numbers given out.
create table counters (
    name key_text primary key,
    value bigint not null
);

-- The e-mail addresses of a person, in the form in which they are compared.
create table emails (
    email key_text primary key,
    person_id key_text not null
);

-- Leads with their state, behaviour included.
create table leads (
    lead_id key_text primary key,
    person_id key_text not null,
    cycle bigint not null,
    stage key_text not null,
    owner_kind key_text,
    owner_id key_text,
    created_at bigint not null,
    updated_at bigint not null,
    body text not null
);
create index leads_of_person on leads (person_id, cycle);
create index leads_of_owner on leads (owner_kind, owner_id, stage);

-- Every change of a field of a lead, an account or a rep; old and new are JSON, null is absent.
create table field_changes (
    subject_kind key_text not null,
    subject_id key_text not null,
    field key_text not null,
    old text,
    new text,
    at bigint not null,
    actor key_text not null
);
create index field_changes_of_subject on field_changes (subject_kind, subject_id, at);

-- What a lead did, one row for all that one request brought: JSON pairs of a digest (of what was
-- sent) and an activity.
create table activity_sets (
    number bigint primary key,
    lead_id key_text not null references leads (lead_id),
    recorded_at bigint not null,
    body text not null
);
create index activity_sets_of_lead on activity_sets (lead_id, number);

-- Every activity by its id, and the set it is in.
create table activity_ids (
    activity_id key_text primary key,
    set_number bigint not null
);

create table accounts (
    account_id key_text primary key,
    parent_id key_text,
    owner_rep_id key_text,
    updated_at bigint not null,
    body text not null
);

create table account_domains (
    domain key_text not null,
    account_id key_text not null references accounts (account_id),
    primary key (domain, account_id)
);
create index domains_of_account on account_domains (account_id);

-- Every rep a policy ever had, as of the last revision that had him; in_team is 1 or 0.
create table reps (
    rep_id key_text primary key,
    revision key_text not null,
    body text not null,
    in_team bigint not null
);

-- Who got a lead, when, and how it ended; the rep with his team, manager and pool of then.
create table assignments (
    assignment_id key_text primary key,
    lead_id key_text not null references leads (lead_id),
    decision_id key_text not null,
    owner_kind key_text not null,
    owner_id key_text not null,
    cause key_text not null,
    assigned_at bigint not null,
    pool key_text not null,
    route key_text not null,
    sla key_text not null,
    team key_text not null,
    manager key_text not null,
    draw_number bigint,
    enqueued_at bigint,
    respond_by bigint,
    ended_at bigint,
    ended_how key_text not null,
    given_back bigint not null
);
create index assignments_of_lead on assignments (lead_id, assigned_at, assignment_id);
create index assignments_of_rep
on assignments (owner_id, assigned_at, assignment_id, given_back)
where owner_kind = 'rep';

-- How many draws a pool has had.
create table rotations (
    pool key_text primary key,
    draws bigint not null
);

-- The credit of every rep a pool ever had, in 10^-12 of a turn.
create table rotation_credits (
    pool key_text not null references rotations (pool),
    rep_id key_text not null,
    credit bigint not null,
    last_draw bigint not null,
    primary key (pool, rep_id)
);

-- Every turn taken: what each eligible member gained (JSON pairs), what the winner paid.
create table draws (
    pool key_text not null,
    number bigint not null,
    winner key_text not null,
    paid bigint not null,
    gains text not null,
    decision_id key_text not null,
    lead_id key_text not null,
    at bigint not null,
    given_back bigint not null,
    primary key (pool, number)
);

-- Who waits for a rep. Order is by enqueued_at, then number.
create table queue_places (
    lead_id key_text primary key references leads (lead_id),
    pool key_text not null,
    enqueued_at bigint not null,
    number bigint not null,
    body text not null
);
create index queue_places_in_order on queue_places (pool, enqueued_at, number);

create table timers (
    kind key_text not null,
    subject key_text not null,
    due_at bigint not null,
    revision key_text not null,
    attempts bigint not null,
    primary key (kind, subject)
);
create index timers_due on timers (due_at);

-- Every stage a lead entered, append-only. The score is the whole score's JSON.
create table stage_entries (
    lead_id key_text not null references leads (lead_id),
    visit bigint not null,
    cycle bigint not null,
    stage_from key_text not null,
    stage_to key_text not null,
    at bigint not null,
    actor key_text not null,
    cause key_text not null,
    reason key_text not null,
    note text not null,
    owner key_text not null,
    score text not null,
    bars_missed text not null,
    revision key_text not null,
    model key_text not null,
    primary key (lead_id, visit)
);

-- What was known and what was decided, enough to decide it again.
create table decisions (
    decision_id key_text primary key,
    lead_id key_text not null references leads (lead_id),
    at bigint not null,
    actor key_text not null,
    revision key_text not null,
    model key_text not null,
    semantics bigint not null,
    assignment_id key_text not null,
    facts text not null,
    decision text not null
);

-- The content of every policy that was ever active: all files, compressed; once a revision.
create table policy_revisions (
    revision key_text primary key,
    content bytea not null,
    recorded_at bigint not null
);

create table policy_activations (
    number bigint primary key,
    revision key_text not null references policy_revisions (revision),
    at bigint not null,
    actor key_text not null
);

-- What the outside world is still to be told, in the order of its numbers.
create table outbox (
    number bigint primary key,
    event_id key_text not null,
    lead_id key_text not null,
    type key_text not null,
    at bigint not null,
    payload text not null
);

-- The first answer to each request, for ever.
create table requests (
    request_id key_text primary key,
    method key_text not null,
    digest key_text not null,
    at bigint not null,
    body text not null
);
