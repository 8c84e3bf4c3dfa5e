"""Reasons that bring no lead back although they say so."""

from collections.abc import Iterator

from scoring_service.domain.lifecycle.lifecycle import Then
from scoring_service.domain.lifecycle.recycling import counts
from scoring_service.policy.checking.places import at
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding


def lifecycle_findings(folder: Folder) -> Iterator[Finding]:
    """What is doubtful in lifecycle.yaml."""
    document = folder.documents.get("lifecycle.yaml")
    if document is None or folder.lifecycle.recycles_max > 0:
        return
    for name in document.value.get("reasons") or ():
        reason = folder.lifecycle.reasons[name]
        if reason.then is Then.RECYCLE and counts(reason):
            what = f"no lead comes back from '{name}': with recycles_max 0 it disqualifies"
            remedy = "raise recycles_max, or write 'then: disqualify'"
            yield at(document, ("reasons", name), what, remedy)
