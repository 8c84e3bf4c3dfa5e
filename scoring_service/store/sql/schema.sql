-- Alembic's own table, as Alembic makes it.

-- name: make_version()!
create table alembic_version (
    version_num varchar(32) not null,
    constraint alembic_version_pkc primary key (version_num)
);

-- name: set_version(version)!
insert into alembic_version (version_num) values (:version);
