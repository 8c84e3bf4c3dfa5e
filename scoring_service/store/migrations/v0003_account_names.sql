-- Names of accounts, normalised, once under each key by which similar names are found.
create table account_names (
    key key_text not null,
    account_id key_text not null references accounts (account_id),
    name text not null,
    primary key (key, account_id)
);
create index names_of_account on account_names (account_id);
