-- Who was enrolled in which arm of an experiment, once a person; weights is JSON, as they were.
create table experiment_enrolments (
    experiment key_text not null,
    first_lead_id key_text not null,
    lead_id key_text not null references leads (lead_id),
    arm key_text not null,
    weights text not null,
    at bigint not null,
    revision key_text not null,
    primary key (experiment, first_lead_id)
);
create index experiment_enrolments_in_order on experiment_enrolments (experiment, arm, at);

-- The arms of the lead at that moment, JSON by experiment.
alter table stage_entries add column arms text not null default '{}';
alter table assignments add column arms text not null default '{}';
