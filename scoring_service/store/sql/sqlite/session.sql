-- name: begin()!
begin immediate;

-- name: commit()!
commit;

-- name: rollback()!
rollback;

-- name: write_ahead()!
pragma journal_mode = wal;

-- name: durable()!
pragma synchronous = full;

-- name: check_references()!
pragma foreign_keys = on;

-- name: wait()!
-- Milliseconds a statement waits for a lock of another process (a checkpoint, a backup).
pragma busy_timeout = 5000;

-- name: cache()!
-- KiB, below zero; a batch touches about a thousand pages of a large store.
pragma cache_size = -65536;

-- name: checkpoint_after()!
-- Pages: a page that many batches touch is copied into the file once for all of them.
pragma wal_autocheckpoint = 8000;

-- name: read_only()!
pragma query_only = on;

-- name: has_schema()
select count(*) from sqlite_master where type = 'table' and name = 'alembic_version';

-- name: schema_version()
select version_num from alembic_version;

-- name: not_durable()!
pragma synchronous = off;
