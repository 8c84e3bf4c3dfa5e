"""What a run showed."""

from dataclasses import dataclass, field

from benchmarks.load.answers import Answers
from benchmarks.load.leads import Calls
from benchmarks.load.promises import broken
from benchmarks.load.site import Site
from benchmarks.load.stored import stored


@dataclass(slots=True)
class Outcome:
    """What broke (nothing, if all is well), and figures to print."""

    broken: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Take down what broke, unless it holds."""
        if not holds:
            self.broken.append(otherwise)


def outcome(site: Site, sent: Calls, answers: Answers, seconds: float) -> Outcome:
    """What the store shows after a load: its promises, its decisions replayed."""
    with stored(site.store) as found:
        made = Outcome(broken(found, sent, answers))
    add_replay(made, site)
    made.figures = {
        "calls": len(sent.requests),
        "replies": answers.count,
        "retries": answers.retries,
        "given up": answers.given_up,
        "done, but first acknowledged to a retry": answers.lost,
        "seconds": round(seconds, 1),
        "replies/s": round(answers.count / seconds),
        **made.figures,
    }
    return made


def add_replay(made: Outcome, site: Site) -> None:
    """Replay every decision of the site's store, as the site has it."""
    equal, said = site.replay(site.store)
    made.expect(equal, f"replay: {said}")
    made.figures["replay"] = said.splitlines()[-1] if said else ""
