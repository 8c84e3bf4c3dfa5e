-- The leads of an owner by score, in each stage: who lists them reads no others.
drop index leads_of_owner;
create index leads_of_owner on leads (owner_kind, owner_id, stage, score, lead_id);
