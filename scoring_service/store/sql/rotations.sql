-- name: rotation(pool)
select rotations.draws, rotation_credits.rep_id, rotation_credits.credit,
    rotation_credits.last_draw
from rotations left join rotation_credits on rotation_credits.pool = rotations.pool
where rotations.pool = :pool
order by rotation_credits.rep_id;

-- name: save_rotation(pool, draws)*!
insert into rotations (pool, draws)
values (:pool, :draws)
on conflict (pool) do update set draws = excluded.draws;

-- name: save_credit(pool, rep_id, credit, last_draw)*!
insert into rotation_credits (pool, rep_id, credit, last_draw)
values (:pool, :rep_id, :credit, :last_draw)
on conflict (pool, rep_id) do update set
    credit = excluded.credit,
    last_draw = excluded.last_draw;

-- name: record_draw(pool, number, winner, paid, gains, decision_id, lead_id, at, given_back)*!
insert into draws (pool, number, winner, paid, gains, decision_id, lead_id, at, given_back)
values (:pool, :number, :winner, :paid, :gains, :decision_id, :lead_id, :at, :given_back);

-- name: give_draw_back(pool, number)*!
update draws set given_back = 1 where pool = :pool and number = :number;

-- name: draw(pool, number)
select winner, gains, paid, given_back
from draws
where pool = :pool and number = :number;
