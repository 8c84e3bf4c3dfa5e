"""The rules of the load runs: strict turns, weighted turns, a pool at its limit, owned accounts."""

from collections.abc import Mapping
from pathlib import Path

EVEN = ("ann", "bob", "cat", "dan", "eve")
"""Members of the pool `even`: equal weights, always eligible."""

WEIGHTS = {"wes": 5, "xia": 1, "yul": 1}
"""Members of the pool `weighted`."""

LIMITED = ("leo", "mia")
"""Members of the pool `limited`, which has a queue."""

LIMIT = 12
"""Open leads that each of LIMITED may have."""

OWNERS = ("oda", "pat")
"""Owners of accounts; in no pool that draws."""

_ATTRIBUTES = """
plan:  {type: text, values: [free, pro, enterprise]}
seats: {type: integer, min: 0}
"""

_SCORING = """
fit:
  - {name: company size,    when: 'employees >= 200',               points: 50}
  - {name: target country,  when: 'country in ["DE", "GB", "US"]',  points: 20}
  - {name: enterprise plan, when: 'plan == "enterprise"',           points: %(plan_points)d}
behaviour:
  groups: {web: {points_max: 35}}
  activities:
    pricing_page_view: {points: 15, half_life: 7d, group: web, points_max: 30}
    demo_request:      {points: 60, half_life: 21d, points_max: 60, high_intent: true}
    webinar:           {points: 10, half_life: 30d, expires_after: 60d, points_max: 20}
    unsubscribe:       {points: -40, half_life: 365d}
grades: {fit: {A: 75, B: 50, C: 25}, behaviour: {1: 60, 2: 35, 3: 15}}
mql: {fit_min: 40, behaviour_min: 40, hysteresis: 5}
"""

_ROUTING = """
routes:
  - name: known account
    when: account.owner != null
    assign: {account_owner: {backup_pool: even}}
  - {name: newsletter, when: 'employees < 10',   assign: {track: newsletter}}
  - {name: british,    when: 'country == "GB"',  assign: {pool: limited}}
  - {name: emea,       when: 'region == "EMEA"', assign: {pool: weighted}, sla: hot}
  - name: asked
    when: activity.demo_request.days_since <= 2
    assign: {pool: even}
    sla: hot
  - {name: by size,    table: sizes.csv,         assign: {pool: '{pool}'}}
otherwise: {queue: triage, owner: sales-ops}
"""

_SIZES = """employees,country,pool
10..199,DE|US,even
>=200,,even
10..199,,even
"""

_LIFECYCLE = """
tracks: {newsletter: {owner: marketing}, welcome-nurture: {owner: marketing}}
default_track: welcome-nurture
intake: {queue: intake, owner: sales-ops}
slas: {accept: 4bh, hot: 0.25bh}
escalation_contact: sales-ops
"""


def rule_files(limit: int = LIMIT, plan_points: int = 10) -> Mapping[str, str]:
    """The files by name, with the limit of each of LIMITED and the points of one criterion."""
    return {
        "attributes.yaml": _ATTRIBUTES,
        "scoring.yaml": _SCORING % {"plan_points": plan_points},
        "routing.yaml": _ROUTING,
        "sizes.csv": _SIZES,
        "lifecycle.yaml": _LIFECYCLE,
        "team.yaml": _team(limit),
    }


def without_plan() -> Mapping[str, str]:
    """The files after somebody removed the attribute `plan`."""
    files = dict(rule_files())
    files["attributes.yaml"] = _without(files["attributes.yaml"], "plan:")
    files["scoring.yaml"] = _without(files["scoring.yaml"], "enterprise plan")
    return files


def broken() -> Mapping[str, str]:
    """The files after a careless edit: a symbol that does not exist."""
    files = dict(rule_files(plan_points=30))
    files["routing.yaml"] = _ROUTING.replace("employees < 10", "employes < 10")
    return files


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Put the files where a server reads them: each is replaced at once, if it differs."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        place, new = folder / name, folder.parent / f"{name}.new"
        if not place.exists() or place.read_text() != text:
            new.write_text(text)
            new.replace(place)


def _without(text: str, mark: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if mark not in line)


def _team(limit: int) -> str:
    free = [*EVEN, *WEIGHTS, *OWNERS]
    weighted = [f"{{rep: {rep}, weight: {weight}}}" for rep, weight in WEIGHTS.items()]
    return "\n".join([
        "reps:",
        *(f"  {rep}: {{name: {rep.title()}, role: sdr}}" for rep in free),
        *(f"  {rep}: {{name: {rep.title()}, open_leads_max: {limit}}}" for rep in LIMITED),
        "pools:",
        f"  even: {{members: [{', '.join(f'{{rep: {rep}}}' for rep in EVEN)}]}}",
        f"  weighted: {{members: [{', '.join(weighted)}]}}",
        f"  limited: {{members: [{', '.join(f'{{rep: {rep}}}' for rep in LIMITED)}],",
        "    queue: {name: limited-waiting, owner: sales-ops}}",
        "operators: [sales-ops]",
        "",
    ])  # fmt: skip
