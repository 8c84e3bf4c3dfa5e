-- name: counters()
select name, value from counters;

-- name: save_counter(name, value)*!
insert into counters (name, value)
values (:name, :value)
on conflict (name) do update set value = excluded.value;
