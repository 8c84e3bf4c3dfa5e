-- name: waiting_count(pool)
select count(*) from queue_places where pool = :pool;

-- name: waiting(pool, at_most)
select pool, lead_id, enqueued_at, number, body
from queue_places
where pool = :pool
order by enqueued_at, number
limit :at_most;

-- name: queue_place(lead_id)
select pool, lead_id, enqueued_at, number, body
from queue_places
where lead_id = :lead_id;

-- name: waiting_pools()
-- Every pool somebody waits for, with the instant of its oldest place: one look an index entry.
with recursive pools (pool) as (
    select min(pool) from queue_places
    union all
    select (select min(pool) from queue_places where pool > pools.pool)
    from pools
    where pools.pool is not null
)
select pool, (select min(enqueued_at) from queue_places where queue_places.pool = pools.pool)
from pools
where pool is not null;

-- name: save_place(pool, lead_id, enqueued_at, number, body)*!
insert into queue_places (pool, lead_id, enqueued_at, number, body)
values (:pool, :lead_id, :enqueued_at, :number, :body)
on conflict (lead_id) do update set
    pool = excluded.pool,
    enqueued_at = excluded.enqueued_at,
    number = excluded.number,
    body = excluded.body;

-- name: leave_queue(lead_id)*!
delete from queue_places where lead_id = :lead_id;
