-- name: activity_digests(activity_ids)
select activity_id, lead_id, digest
from activities
where activity_id in (select value from json_each(cast(:activity_ids as text)));

-- name: activities(lead_id)
select type, occurred_at, activity_id, source, medium, campaign, channel
from activities
where lead_id = :lead_id
order by occurred_at, activity_id;

-- name: add_activity(activity_id, lead_id, occurred_at, recorded_at, type, digest, source, medium, campaign, channel)*!
insert into activities
    (activity_id, lead_id, occurred_at, recorded_at, type, digest, source, medium, campaign,
    channel)
values
    (:activity_id, :lead_id, :occurred_at, :recorded_at, :type, :digest, :source, :medium,
    :campaign, :channel);
