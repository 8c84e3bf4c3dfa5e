-- name: activity_sets(activity_ids)
-- The sets that hold any of these. Joined, so that the ids asked for are not put in an order first.
select lead_id, body
from activity_sets
where number in (
    select known.set_number
    from json_each(cast(:activity_ids as text)) as asked
    join activity_ids as known on known.activity_id = asked.value
);

-- name: activities(lead_ids)
select body
from activity_sets
where lead_id in (select value from json_each(cast(:lead_ids as text)))
order by number;

-- name: add_activities(number, lead_id, recorded_at, body)*!
insert into activity_sets (number, lead_id, recorded_at, body)
values (:number, :lead_id, :recorded_at, :body);

-- name: add_activity_ids(number, activity_ids)*!
-- Fails where an id is known: an activity is stored once.
insert into activity_ids (activity_id, set_number)
select value, cast(:number as bigint)
from json_each(cast(:activity_ids as text));
