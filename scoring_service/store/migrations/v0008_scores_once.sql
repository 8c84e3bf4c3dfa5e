-- The decision that brought a lead into a stage and says its score, which is then not kept here too.
alter table stage_entries add column decision_id key_text not null default '';
