-- name: save_joined(experiment, first_lead_id, lead_id, arm, weights, at, revision)*!
-- Who is enrolled stays so: another lead of the person changes nothing.
insert into experiment_enrolments (experiment, first_lead_id, lead_id, arm, weights, at, revision)
values (:experiment, :first_lead_id, :lead_id, :arm, :weights, :at, :revision)
on conflict (experiment, first_lead_id) do nothing;

-- name: followed(experiment, stages)
-- Everybody enrolled, with the first time that a lead of his reached one of the stages since.
select enrolled.experiment, enrolled.first_lead_id, enrolled.lead_id, enrolled.arm,
    enrolled.weights, enrolled.at, enrolled.revision, leads.person_id,
    (select min(entries.at)
    from leads as own join stage_entries as entries on entries.lead_id = own.lead_id
    where own.person_id = leads.person_id
        and entries.at >= enrolled.at
        and entries.stage_to in (select value from json_each(cast(:stages as text))))
from experiment_enrolments as enrolled join leads on leads.lead_id = enrolled.lead_id
where enrolled.experiment = :experiment
order by enrolled.at, enrolled.first_lead_id;

-- name: arms_joined()
-- Every arm that ever enrolled anybody, and the revision that did so last.
select arms.experiment, arms.arm, arms.enrolled, arms.first, arms.last,
    (select max(latest.revision)
    from experiment_enrolments as latest
    where latest.experiment = arms.experiment and latest.arm = arms.arm
        and latest.at = arms.last)
from (select experiment, arm, count(*) as enrolled, min(at) as first, max(at) as last
    from experiment_enrolments
    group by experiment, arm) as arms
order by arms.experiment, arms.arm;
