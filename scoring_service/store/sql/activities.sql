-- name: activity_digests(activity_ids)
select activity_ids.activity_id, activity_sets.lead_id, activity_ids.digest
from activity_ids join activity_sets on activity_sets.number = activity_ids.set_number
where activity_ids.activity_id in (select value from json_each(cast(:activity_ids as text)));

-- name: activities(lead_id)
select body
from activity_sets
where lead_id = :lead_id
order by number;

-- name: add_activities(number, lead_id, recorded_at, body)*!
insert into activity_sets (number, lead_id, recorded_at, body)
values (:number, :lead_id, :recorded_at, :body);

-- name: add_activity_id(activity_id, set_number, digest)*!
-- Fails where the id is known: an activity is stored once.
insert into activity_ids (activity_id, set_number, digest)
values (:activity_id, :set_number, :digest);
