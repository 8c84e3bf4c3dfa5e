-- name: webhook_reached(endpoint)
select body from webhook_cursors where endpoint = :endpoint;

-- name: save_webhook_reached(endpoint, body)*!
insert into webhook_cursors (endpoint, body)
values (:endpoint, :body)
on conflict (endpoint) do update set body = excluded.body;

-- name: webhook_letters(endpoint, dead, at_most)
select endpoint, number, lead_id, attempts, next_at, dead, failure
from webhook_letters
where endpoint = :endpoint and dead = :dead
order by number
limit :at_most;

-- name: save_webhook_letter(endpoint, number, lead_id, attempts, next_at, dead, failure)*!
insert into webhook_letters (endpoint, number, lead_id, attempts, next_at, dead, failure)
values (:endpoint, :number, :lead_id, :attempts, :next_at, :dead, :failure)
on conflict (endpoint, number) do update set
    attempts = excluded.attempts,
    next_at = excluded.next_at,
    dead = excluded.dead,
    failure = excluded.failure;

-- name: drop_webhook_letter(endpoint, number)*!
delete from webhook_letters where endpoint = :endpoint and number = :number;

-- name: events_numbered(numbers)
select number, event_id, lead_id, type, at, payload
from outbox
where number in (select cast(value as bigint) from json_each(cast(:numbers as text)))
order by number;

-- name: webhook_waits(endpoint, after, at)
select exists (select 1 from outbox where number > :after)
    or exists (
        select 1 from webhook_letters where endpoint = :endpoint and dead = 0 and next_at <= :at
    );

-- name: last_event()
select coalesce(max(number), 0) from outbox;

-- name: webhooks_reached()
select endpoint, body from webhook_cursors order by endpoint;
