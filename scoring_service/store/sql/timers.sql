-- name: timer(kind, subject)
select kind, subject, due_at, revision, attempts
from timers
where kind = :kind and subject = :subject;

-- name: next_due()
select min(due_at) from timers;

-- name: due_timers(due_at, at_most)
select kind, subject, due_at, revision, attempts
from timers
where due_at <= :due_at
order by due_at, kind, subject
limit :at_most;

-- name: failed_timers()
select kind, subject, due_at, revision, attempts
from timers
where attempts > 0
order by due_at, kind, subject;

-- name: set_timer(kind, subject, due_at, revision, attempts)*!
insert into timers (kind, subject, due_at, revision, attempts)
values (:kind, :subject, :due_at, :revision, :attempts)
on conflict (kind, subject) do update set
    due_at = excluded.due_at,
    revision = excluded.revision,
    attempts = excluded.attempts;

-- name: clear_timer(kind, subject)*!
delete from timers where kind = :kind and subject = :subject;
