"""Fields that say who a lead is, not what it is like: never a feature."""

IDENTITIES = frozenset(
    {"email", "full_name", "phone", "company_name", "company_domain", "account_id"}
)


def note(names: list[str]) -> tuple[str, ...]:
    """What is said of those that were there."""
    if not names:
        return ()
    return (f"{', '.join(sorted(names))} say who a lead is, so no feature is made of them",)
