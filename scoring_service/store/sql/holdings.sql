-- name: leads_held()
-- How many leads each owner has, by stage, and how many of them wait for a pool.
select leads.owner_kind, leads.owner_id, leads.stage, count(*), count(queue_places.lead_id)
from leads left join queue_places on queue_places.lead_id = leads.lead_id
where leads.owner_kind is not null
group by leads.owner_kind, leads.owner_id, leads.stage
order by leads.owner_kind, leads.owner_id, leads.stage;

-- name: accounts_held()
-- How many accounts each rep owns.
select owner_rep_id, count(*)
from accounts
where owner_rep_id is not null
group by owner_rep_id
order by owner_rep_id;

-- name: activity_sets_before(number, at_most)
-- The latest first.
select number, recorded_at, body
from activity_sets
where number < :number
order by number desc
limit :at_most;
