-- name: active_revision()
select revision from policy_activations order by number desc limit 1;

-- name: revision_content(revision)
select content from policy_revisions where revision = :revision;

-- name: latest_activation()
select coalesce(max(number), 0) from policy_activations;

-- name: activations()
select number, revision, at, actor from policy_activations order by number;

-- name: save_revision(revision, content, recorded_at)*!
insert into policy_revisions (revision, content, recorded_at)
values (:revision, :content, :recorded_at)
on conflict (revision) do nothing;

-- name: record_activation(revision, at, actor)*!
insert into policy_activations (number, revision, at, actor)
select coalesce(max(number), 0) + 1, cast(:revision as text), cast(:at as bigint),
    cast(:actor as text)
from policy_activations;

-- name: reps()
select rep_id, revision, body, in_team from reps order by rep_id;

-- name: rep(rep_id)
select rep_id, revision, body, in_team from reps where rep_id = :rep_id;

-- name: save_rep(rep_id, revision, body, in_team)*!
insert into reps (rep_id, revision, body, in_team)
values (:rep_id, :revision, :body, :in_team)
on conflict (rep_id) do update set
    revision = excluded.revision,
    body = excluded.body,
    in_team = excluded.in_team;
