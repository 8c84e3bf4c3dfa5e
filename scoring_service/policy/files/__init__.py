"""One module a rule file: its shape as msgspec types, and how it becomes a part of the policy."""
