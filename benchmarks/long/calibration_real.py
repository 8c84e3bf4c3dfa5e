"""Calibration on real data, by the command as anybody would call it: every figure and its floor.

    python benchmarks/long/calibration_real.py DATA_FOLDER

DATA_FOLDER holds bpic2012_first70/ and olist_funnel/, which may not ship; the bank and the CRM come
with the project. Also: Olist's fields of winners only are found, the CRM is refused whatever the
cut, events of BPIC 2012 after the scoring change no byte, and where a precision that was promised
on the training window stood on the last one. A few minutes; exit 1 when a floor is missed.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.calibration import bpic, bpic_training, maven, olist
from benchmarks.calibration.floors import Figure, printed
from benchmarks.calibration.running import Ran, calibrate
from scoring_service.calibration import train

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BANK = EXAMPLES / "bank" / "bank-additional-full.csv.gz"
CLOCKS = {"emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed"}
CUTS = ("0.1", "0.15", "0.2", "0.25", "0.3", "0.35", "0.4")


def bank(place: Path) -> Iterator[Figure]:
    shuffled = calibrate(place / "cv", BANK, "--outcome", "y")
    yield Figure("bank cv: AUC", shuffled.figure("roc_auc"), 0.785, 0.794)
    yield Figure("bank cv: ECE", shuffled.figure("ece"), 0.015, at_most=True)
    timed = calibrate(place / "time", BANK, "--outcome", "y", "--ordered")
    yield Figure("bank time: AUC", timed.figure("roc_auc"), 0.67, 0.69)
    yield _left_out("bank: only duration excluded", timed, {"duration"})
    named = {clock["column"] for clock in timed.said["clocks"]}
    yield _holds("bank: its five clocks named", named == CLOCKS)
    yield Figure("bank: seconds", max(shuffled.seconds, timed.seconds), 60, at_most=True)
    yield Figure("bank: MB at most", max(shuffled.peak, timed.peak), 1000, at_most=True)


def olist_funnel(data: Path, place: Path) -> Iterator[Figure]:
    winners_only = olist.write(data, place)
    words = ("--outcome", "outcome", "--horizon", "90d")
    ran = calibrate(place / "models", place / "leads.csv", *words)
    yield Figure("Olist: AUC", ran.figure("roc_auc"), 0.68, 0.70)
    yield _stable("Olist", ran)
    used = set(ran.said["columns"]) & set(winners_only)
    yield _holds("Olist: no field of winners only is used", not used)
    honest = _excluded(ran) - set(winners_only)
    yield _holds("Olist: nothing honest is excluded", not honest)


def bpic_2012(data: Path, place: Path) -> Iterator[Figure]:
    cases = bpic.cases(data)
    bpic.write(cases, place)
    bpic.write_rules(cases, place / "rules")
    ran = _bpic(place, place)
    yield Figure("BPIC time: AUC", ran.figure("roc_auc"), 0.66, 0.675)
    yield _stable("BPIC", ran)
    yield _left_out("BPIC: nothing is excluded", ran, set())
    bpic.write(cases, place / "cut", later_events=False)
    same = _bpic(place / "cut", place).scorecard() == ran.scorecard()
    yield _holds("BPIC: later events change no byte", same)
    rows = bpic_training.table(place)
    in_turn = bpic_training.shuffled(rows).metrics
    assert in_turn is not None
    yield Figure("BPIC cv: AUC", in_turn.roc_auc.value, 0.70, 0.71)
    print("BPIC 2012: a precision promised on the training window, and what came of it")
    print("\n".join(f"  {line}" for line in bpic_training.promises(train(rows))), end="\n\n")


def _bpic(place: Path, rules: Path) -> Ran:
    files = {"--activities": "activities.csv", "--mapping": "mapping.yaml"}
    words = [word for option, name in files.items() for word in (option, place / name)]
    lead_file = place / "leads.csv"
    return calibrate(
        place / "models", lead_file, "--outcome", "outcome", *words, "--rules", rules / "rules"
    )


def maven_crm(place: Path) -> Iterator[Figure]:
    maven.write(EXAMPLES / "crm", place)
    words = (place / "leads.csv", "--outcome", "deal_stage", "--mapping", place / "mapping.yaml")
    for cut in CUTS:
        ran = calibrate(place / "models", *words, "--window", cut)
        refused = ran.said["refused"] == "no_signal" and not (place / "models/CURRENT").exists()
        yield _holds(f"Maven, the last {cut}: no signal", refused)
        yield _left_out(f"Maven, the last {cut}: only close_value", ran, {"close_value"})


def _stable(name: str, ran: Ran) -> Figure:
    """What the ECE is above that of a model that is right in every P."""
    above = ran.figure("ece") - float(ran.said["metrics"]["perfect_ece"])
    return Figure(f"{name}: ECE above a perfect model's", above, 0.035, at_most=True)


def _excluded(ran: Ran) -> set[str]:
    return {leak["column"] for leak in ran.said["leaks"] if leak["severity"] == "excluded"}


def _left_out(name: str, ran: Ran, columns: set[str]) -> Figure:
    return _holds(name, _excluded(ran) == columns)


def _holds(name: str, holds: bool) -> Figure:
    return Figure(name, float(holds), 1.0)


def main(folder: str) -> int:
    data = Path(folder)
    with tempfile.TemporaryDirectory(prefix="leadscoring-real-") as name:
        place = Path(name)
        figures = [
            *bank(place / "bank"),
            *olist_funnel(data, place / "olist"),
            *bpic_2012(data, place / "bpic"),
            *maven_crm(place / "maven"),
        ]
    return printed(figures)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
