"""What findings come down to."""

from collections.abc import Iterable, Iterator

from scoring_service.policy.failed.finding import Finding


def named(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The comparisons and cells that findings come down to, from the left."""
    for found in findings:
        if found.parts:
            yield from named(found.parts)
        else:
            yield found
