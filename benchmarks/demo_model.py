"""The demo's model, built anew from the first four fifths of the bank's calls.

    python benchmarks/demo_model.py [FOLDER]

Calibrates them as the manifest of the model that ships was, and says whether its scorecard comes
out again, byte for byte; with FOLDER it publishes there what the demo ships: the scorecard, the
pipeline, the baseline and the card, without pictures.
"""

import gzip
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scoring_service.calibration.reporting.manifest import manifest
from scoring_service.calibration.reporting.publish import encoded, indented, version_files
from scoring_service.calibration.reporting.report_context import Context
from scoring_service.calibration.results import Training
from scoring_service.calibration.rows.mapping import mapping_of
from scoring_service.calibration.rows.read_file import read_file
from scoring_service.calibration.training import TrainingOptions, train
from scoring_service.domain.calibration.scorecard import version_of
from scoring_service.registry.adding import add_version
from scoring_service.registry.current import promote

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
BANK = EXAMPLES / "bank" / "bank-additional-full.csv.gz"
MAPPING = EXAMPLES / "demo" / "bank_mapping.yaml"
FIRST = 32_950
"""Four fifths of the calls; the demo sends later ones."""

SETTINGS = {"--outcome": "y", "--ordered": "True", "--seed": "0", "--window": "0.2"}
SHIPPED = {"scorecard.json", "model.skops", "health.json", "card.md"}


def first_calls(place: Path) -> Path:
    """The file of the calls that the model learned from."""
    path = place / "bank-first.csv"
    with gzip.open(BANK, "rt", encoding="utf-8", newline="") as calls:
        path.write_text("".join(islice(calls, 1 + FIRST)), encoding="utf-8")
    return path


def trained(place: Path, settings: Mapping[str, str] = SETTINGS) -> Training:
    read = read_file(
        first_calls(place),
        outcome=settings["--outcome"],
        ordered="--ordered" in settings,
        mapping=mapping_of(MAPPING),
    )
    options = TrainingOptions(float(settings["--window"]), int(settings["--seed"]))
    return train(read.table, options)


def publish(training: Training, models: Path) -> str:
    assert training.published is not None, training.gate.why
    context = Context(datetime.now(UTC), settings=SETTINGS)
    version = version_of(encoded(training.published))
    every = version_files(training, training.published, context, version)
    files = {name: content for name, content in every.items() if name in SHIPPED}
    files["card.md"] = without_pictures(files["card.md"])
    add_version(models, files, indented(manifest(training, context, version, files)))
    promote(models, version)
    return version


def without_pictures(card: bytes) -> bytes:
    lines = card.decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("![")).encode()


def main(folder: str = "") -> int:
    with tempfile.TemporaryDirectory(prefix="leadscoring-demo-model-") as place:
        training = trained(Path(place))
    if folder:
        print(f"published {publish(training, Path(folder))} in {folder}")
        return 0
    assert training.published is not None, training.gate.why
    shipped = (EXAMPLES / "demo" / "models" / "CURRENT").read_text().strip()
    again = version_of(encoded(training.published))
    print(f"{again}: {'the one that ships' if again == shipped else f'not {shipped}'}")
    return 0 if again == shipped else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
