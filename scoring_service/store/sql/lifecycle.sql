-- name: record_happening(number, lead_id, kind, at, actor, body)*!
insert into happenings (number, lead_id, kind, at, actor, body)
values (:number, :lead_id, :kind, :at, :actor, :body);

-- name: happenings(lead_id)
select number, lead_id, at, actor, body from happenings where lead_id = :lead_id order by number;

-- name: save_notice(number, recipient, notice, lead_id, at, body)*!
insert into notices (number, recipient, notice, lead_id, at, body)
values (:number, :recipient, :notice, :lead_id, :at, :body);

-- name: notices(recipient, notice, at_most)
select number, recipient, notice, lead_id, at, body
from notices
where recipient = :recipient and notice = :notice
order by number
limit :at_most;

-- name: forget_notices(recipient, notice, number)*!
delete from notices
where recipient = :recipient and notice = :notice and number <= :number;

-- name: due_of(kinds, due_at, at_most)
-- Timers of these kinds that are due. Found by their instants: asked `kind in`, SQLite looks through
-- all timers of the kinds, due or not, and every lead has one.
select kind, subject, due_at, revision, attempts
from timers
where due_at <= :due_at
    and exists (
        select 1 from json_each(cast(:kinds as text)) as wanted where wanted.value = timers.kind
    )
order by due_at, kind, subject
limit :at_most;

-- name: timers_laid_before(kind, revision, subject, at_most)
-- Timers of a kind that another policy laid, behind a subject.
select subject
from timers
where kind = :kind and revision <> :revision and subject > :subject
order by subject
limit :at_most;
