-- name: accounts_upwards(account_ids)
-- The accounts, their parents, the parents of these and so on, each once.
with recursive above (account_id, parent_id, body) as (
    select account_id, parent_id, body
    from accounts
    where account_id in (select value from json_each(cast(:account_ids as text)))
    union
    select accounts.account_id, accounts.parent_id, accounts.body
    from above join accounts on accounts.account_id = above.parent_id
)
select account_id, body from above;

-- name: account_domains(domains)
select domain, account_id
from account_domains
where domain in (select value from json_each(cast(:domains as text)))
order by domain, account_id;

-- name: accounts_named(keys, at_most)
-- Names of the accounts that hold one of the keys; a key that more than so many hold is left out.
with wanted (key) as (
    select value from json_each(cast(:keys as text))
),
telling (key) as (
    select wanted.key
    from wanted
    where (
        select count(*)
        from (
            select 1
            from account_names
            where account_names.key = wanted.key
            limit cast(:at_most as bigint) + 1
        ) as holders
    ) <= :at_most
)
select account_names.key, account_names.account_id, account_names.name
from telling join account_names on account_names.key = telling.key;

-- name: account_owners()
select distinct owner_rep_id from accounts where owner_rep_id is not null order by owner_rep_id;

-- name: accounts_of_owner(owner_rep_id, at_most)
select account_id, body
from accounts
where owner_rep_id = :owner_rep_id
order by account_id
limit :at_most;

-- name: accounts_after(account_id, at_most)
select account_id, body
from accounts
where account_id > :account_id
order by account_id
limit :at_most;

-- name: save_account(account_id, parent_id, owner_rep_id, updated_at, body)*!
insert into accounts (account_id, parent_id, owner_rep_id, updated_at, body)
values (:account_id, :parent_id, :owner_rep_id, :updated_at, :body)
on conflict (account_id) do update set
    parent_id = excluded.parent_id,
    owner_rep_id = excluded.owner_rep_id,
    updated_at = excluded.updated_at,
    body = excluded.body;

-- name: forget_domains(account_id)*!
delete from account_domains where account_id = :account_id;

-- name: save_domain(domain, account_id)*!
insert into account_domains (domain, account_id) values (:domain, :account_id);

-- name: forget_names(account_id)*!
delete from account_names where account_id = :account_id;

-- name: save_name(key, account_id, name)*!
insert into account_names (key, account_id, name) values (:key, :account_id, :name);
