-- What lets the two engines share a schema and its statements; run before the first migration.

-- Keys and names are ordered by their bytes, as SQLite orders them; to SQLite the name means TEXT.
create domain key_text as text collate "C";

-- The strings of a JSON array as rows with a column "value", as SQLite's json_each gives them.
create function json_each(strings text) returns table (value text)
language sql immutable
as 'select jsonb_array_elements_text(cast(strings as jsonb))';
