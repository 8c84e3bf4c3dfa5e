-- name: handover(operation_id)
select body from handovers where operation_id = :operation_id;

-- name: handover_of(rep_id)
-- The one that is under way.
select body from handovers where rep_id = :rep_id and ended_at is null;

-- name: handovers_under_way()
select body from handovers where ended_at is null order by operation_id;

-- name: save_handover(operation_id, rep_id, started_at, ended_at, body)*!
insert into handovers (operation_id, rep_id, started_at, ended_at, body)
values (:operation_id, :rep_id, :started_at, :ended_at, :body)
on conflict (operation_id) do update set
    ended_at = excluded.ended_at,
    body = excluded.body;

-- name: count_accounts_of(owner_rep_id)
select count(*) from accounts where owner_rep_id = :owner_rep_id;

-- name: handovers_without_timer()
-- Under way, and neither its timer nor one of a later slice is set.
select body from handovers
where ended_at is null and not exists (
    select 1 from timers
    where kind = 'book' and (
        subject = operation_id
        or (subject > operation_id || '|' and subject < operation_id || '}')
    )
)
order by operation_id;
