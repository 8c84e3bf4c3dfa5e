-- Who is away as people entered it, beside the leave of team.yaml: whole days YYYY-MM-DD, both
-- included, in the rep's zone. What was entered and withdrawn when is in field_changes of the rep.
create table absences (
    rep_id key_text not null,
    first_day key_text not null,
    last_day key_text not null,
    backup key_text,
    at bigint not null,
    actor key_text not null,
    primary key (rep_id, first_day)
);
create index absences_last on absences (last_day);

-- Books of leads that are handed over, a slice a unit of work; body is JSON.
create table handovers (
    operation_id key_text primary key,
    rep_id key_text not null,
    started_at bigint not null,
    ended_at bigint,
    body text not null
);
create unique index handovers_running on handovers (rep_id) where ended_at is null;
