-- name: emit(number, event_id, lead_id, type, at, payload)*!
insert into outbox (number, event_id, lead_id, type, at, payload)
values (:number, :event_id, :lead_id, :type, :at, :payload);

-- name: events(after, at_most)
select number, event_id, lead_id, type, at, payload
from outbox
where number > :after
order by number
limit :at_most;
