-- name: absences(last_day)
-- Those that end on a day or later, by rep and day.
select rep_id, first_day, last_day, backup, at, actor
from absences
where last_day >= :last_day
order by rep_id, first_day;

-- name: forget_absences(rep_id, last_day)*!
delete from absences where rep_id = :rep_id and last_day >= :last_day;

-- name: save_absence(rep_id, first_day, last_day, backup, at, actor)*!
insert into absences (rep_id, first_day, last_day, backup, at, actor)
values (:rep_id, :first_day, :last_day, :backup, :at, :actor)
on conflict (rep_id, first_day) do update set
    last_day = excluded.last_day,
    backup = excluded.backup,
    at = excluded.at,
    actor = excluded.actor;

-- name: changes_of_reps(field, since)
-- What people entered of reps since an instant, in its order.
select subject_id, old, new, at
from field_changes
where subject_kind = 'rep' and field = :field and at >= :since
order by at, subject_id;
