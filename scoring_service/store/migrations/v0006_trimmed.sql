-- When the facts of a decision were dropped, which are empty from then on; null while they are kept.
alter table decisions add column trimmed_at bigint;
create index decisions_with_facts on decisions (at) where trimmed_at is null;
