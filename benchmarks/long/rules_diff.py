"""`leadscoring rules diff`: its time on many leads, and on real ones a brute-force recount.

    python benchmarks/long/rules_diff.py [LEADS]

Times the command as a process, by the starter rules and a change of them, on LEADS made leads
(100,000), each with four activities, an instant at which it came and one at which it left. Then
replays the hardware company's pipeline through the demo's rules and a change of them, and routes
the same leads one by one through two real stores: owners, routes and loads must be equal. Exit 1
where they are not, or where the command took longer than it may.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, getrusage
from shutil import copytree
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks import maven
from benchmarks.recount import recounted
from scoring_service.cli.files.messages import account_of
from scoring_service.cli.rules.diff.rows import Columns, Policies, read_leads
from scoring_service.cli.rules.diff.sides import both_replayed
from scoring_service.cli.rules.folder import source_in
from scoring_service.policy.load import load
from scoring_service.values.account import Account
from scoring_service.workflows.diff.comparing import compared, owner_text
from scoring_service.workflows.diff.results import Replayed

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("leadscoring")
SECONDS_MAX = 30.0
START = datetime(2025, 3, 3, tzinfo=UTC)


def made(leads: int, kinds: tuple[str, ...]) -> Iterator[str]:
    """Rows of leads that come over a quarter of a year."""
    chance = Random(7)
    for n in range(leads):
        at = START + timedelta(days=90) * n / leads
        done = [
            {
                "activity_id": f"{n}-{k}",
                "type": chance.choice(kinds),
                "occurred_at": (at - timedelta(days=60 * chance.random())).isoformat(),
            }
            for k in range(4)
        ]
        row = {
            "lead_id": f"lead-{n}",
            "at": at.isoformat(),
            "left_at": (at + timedelta(days=1 + 5 * chance.random())).isoformat(),
            "email": f"ann{n}@company{n % 30_000}.com",
            "company_name": f"Company {n % 30_000}",
            "country": chance.choice(["DE", "US", "GB", "FR", "CA"]),
            "employees": chance.choice([4, 20, 120, 800, 6_000]),
            "industry": chance.choice(["software", "retail"]),
            "job_title": chance.choice(["VP Sales", "Engineer", "Student"]),
            "source": "web",
            "activities": done,
        }
        yield json.dumps(row) + "\n"


def timed(leads: int) -> bool:
    """Whether the command is done in time."""
    kinds = tuple(load(source_in(ROOT / "rules")).scoring.activities)
    with TemporaryDirectory() as place:
        old, new, file = ROOT / "rules", Path(place) / "rules-next", Path(place) / "leads.jsonl"
        copytree(old, new)
        routing = (new / "routing.yaml").read_text()
        (new / "routing.yaml").write_text(routing.replace("employees < 10", "employees < 50"))
        file.write_text("".join(made(leads, kinds)))
        began = perf_counter()
        words = ["rules", "diff", str(old), str(new), "--leads", str(file), "--json"]
        done = subprocess.run([PROGRAM, *words], capture_output=True, check=False)
        seconds = perf_counter() - began
    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout)
    changed = said["changed"]["leads"]
    used = getrusage(RUSAGE_CHILDREN)
    print(
        f"{said['leads']:,} leads, {changed:,} change: {seconds:.1f} s (at most {SECONDS_MAX:g}),"
        f" {used.ru_utime + used.ru_stime:.1f} s of processors"
    )
    return seconds <= SECONDS_MAX


def recount_of_maven() -> bool:
    """Whether a real change on the real pipeline has the numbers of a brute-force recount."""
    with TemporaryDirectory() as place:
        leads, known = Path(place) / "leads.jsonl", Path(place) / "accounts.jsonl"
        maven.write_leads(leads)
        maven.write_accounts(known)
        maven.write_change(Path(place) / "new")
        policies = Policies(load(source_in(maven.RULES)), load(source_in(Path(place) / "new")))
        read = read_leads(str(leads), Columns(), policies, str(known), datetime.now(UTC))
        companies = [_account(row) for row in map(json.loads, known.read_text().splitlines())]
    assert not read.left_out, read.left_out
    sides = both_replayed(*policies, read.past)
    found = compared(*sides, read.past)
    print(f"Maven: {found.leads:,} leads, {len(found.changes):,} change, {found.owner:,} owners")
    recounts = [recounted(policy, read.past, companies) for policy in policies]
    differing = sum(
        recounts[0].leads[lead_id] != recounts[1].leads[lead_id] for lead_id in recounts[0].leads
    )
    equal = [
        _leads(side) == recount.leads and side.taken == recount.taken
        for side, recount in zip(sides, recounts, strict=True)
    ]
    print(f"recounted: {differing:,} change; owners, routes and loads equal: {equal}")
    return all(equal) and differing == len(found.changes)


def _leads(side: Replayed) -> dict[str, tuple[str, str]]:
    return {fate.lead_id: (owner_text(fate.owner), fate.route) for fate in side.fates}


def _account(row: dict[str, object]) -> Account:
    sent = account_of(row, {})
    return Account(
        sent.account_id,
        sent.name,
        country=sent.country or None,
        parent_id=sent.parent_id or None,
        owner_rep_id=sent.owner_rep_id or None,
    )


def main(leads: str = "100000") -> int:
    """Both; the exit code."""
    return 0 if all([recount_of_maven(), timed(int(leads))]) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
