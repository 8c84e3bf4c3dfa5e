"""Names in rule tests that nothing has, and something nearly has: a slip, as it seems."""

from collections.abc import Iterator

from scoring_service.policy.checking.places import at, limited
from scoring_service.policy.document import Document
from scoring_service.policy.files.folder import is_test
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding, near


def rule_tests_findings(folder: Folder) -> Iterator[Finding]:
    """What is doubtful in the tests of a folder: owners of accounts may be nobody, and a rep who
    left is a good example; whoever is nearly a rep hardly is.
    """
    for name, document in folder.documents.items():
        if document is not None and is_test(name):
            yield from limited(_nearly_reps(document, folder))


def _nearly_reps(document: Document, folder: Folder) -> Iterator[Finding]:
    reps = folder.team.reps
    for index, entry in enumerate(document.value or ()):
        for place, account in enumerate(entry.get("accounts") or ()):
            owner = account.get("owner")
            if owner is None or owner in reps:
                continue
            if remedy := near(owner, reps):
                what = f"no rep is '{owner}', so nobody works for this account"
                yield at(document, (index, "accounts", place, "owner"), what, remedy)
