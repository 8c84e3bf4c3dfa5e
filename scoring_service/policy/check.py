"""What checking says of a folder beyond "it parses": what is doubtful, and how to mend it."""

from collections.abc import Iterable

from scoring_service.policy.checking.cells import cells_findings
from scoring_service.policy.checking.conditions import conditions_findings
from scoring_service.policy.checking.countries import country_findings
from scoring_service.policy.checking.experiments import experiments_findings
from scoring_service.policy.checking.folder import below_findings, folder_findings
from scoring_service.policy.checking.holdings import holdings_findings
from scoring_service.policy.checking.letters import letters_findings
from scoring_service.policy.checking.lifecycle import lifecycle_findings
from scoring_service.policy.checking.overlap import overlap_findings
from scoring_service.policy.checking.routes import route_findings
from scoring_service.policy.checking.rule_tests import rule_tests_findings
from scoring_service.policy.checking.scoring import scoring_findings
from scoring_service.policy.checking.sent import Sent, sent_findings
from scoring_service.policy.checking.team import team_findings
from scoring_service.policy.examples.shown import Examples
from scoring_service.policy.load import read_folder
from scoring_service.policy.mistake import Finding, Mistake, Severity
from scoring_service.policy.source import Source
from scoring_service.values.holdings import Holdings


def check(
    source: Source,
    sent: Sent | None = None,
    holdings: Holdings | None = None,
    below: Iterable[str] = (),
) -> tuple[Finding, ...]:
    """Everything wrong with a folder or doubtful in it, in the order of files and lines.

    A folder with mistakes does not load; what is doubtful in it is only looked for without them.
    It is held against the activities that were `sent` and against what a store holds, if given.
    `below` names rule files in folders below, which are not read.
    """
    folder = read_folder(source)
    if folder.mistakes:
        wrong = map(_as_finding, set(folder.mistakes))
        return tuple(sorted((*wrong, *below_findings(below))))
    examples = Examples(folder)
    found = {
        *folder_findings(folder),
        *below_findings(below),
        *cells_findings(folder),
        *conditions_findings(folder, examples),
        *country_findings(folder, examples),
        *letters_findings(folder),
        *lifecycle_findings(folder),
        *scoring_findings(folder, examples),
        *team_findings(folder, examples),
        *route_findings(folder, examples),
        *overlap_findings(folder, examples),
        *experiments_findings(folder),
        *rule_tests_findings(folder),
        *(sent_findings(folder, sent) if sent else ()),
        *(holdings_findings(folder, examples.policy, holdings) if holdings else ()),
    }
    return tuple(sorted(found))


def _as_finding(mistake: Mistake) -> Finding:
    return Finding(
        mistake.file, mistake.line, mistake.path, mistake.what, mistake.remedy, Severity.MISTAKE
    )
