-- name: begin()!
begin;

-- name: commit()!
commit;

-- name: rollback()!
rollback;

-- name: lock(key)
-- Whoever writes holds it to the end of the transaction, so batches follow one another.
select pg_advisory_xact_lock(:key);

-- name: limit_transaction()
-- From now on it ends by itself, though its owner stood still while many statements were under way.
select set_config(
    'transaction_timeout',
    cast(
        cast(
            extract(epoch from cast(current_setting('idle_in_transaction_session_timeout') as interval))
            * 3000 as bigint
        ) as text
    ),
    true
);

-- name: instant()
-- Microseconds since 1970.
select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint);

-- name: has_schema()
select count(*) from pg_catalog.pg_tables
where schemaname = current_schema() and tablename = 'alembic_version';

-- name: schema_version()
select version_num from alembic_version;

-- name: not_durable()!
set synchronous_commit = off;
