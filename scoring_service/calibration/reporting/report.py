"""A training's report: card.md, report.html and the pictures, as bytes by file name."""

import platform
from importlib.metadata import version as installed

from scoring_service.calibration.reporting import report_sections as parts
from scoring_service.calibration.reporting import report_weights
from scoring_service.calibration.reporting.card import markdown
from scoring_service.calibration.reporting.evaluate import evaluate
from scoring_service.calibration.reporting.evaluation import Evaluation
from scoring_service.calibration.reporting.plots import plots
from scoring_service.calibration.reporting.report_bars import bars, drawn_bars
from scoring_service.calibration.reporting.report_context import Context
from scoring_service.calibration.reporting.report_document import Document, document
from scoring_service.calibration.reporting.report_html import html
from scoring_service.calibration.results import Training

CARD, PAGE = "card.md", "report.html"
LIBRARIES = ("numpy", "scipy", "scikit-learn", "skops", "pyarrow", "matplotlib")


def report(training: Training, context: Context, version: str = "") -> dict[str, bytes]:
    """The files of a report, of a refused training too (without a `version`)."""
    evaluation = evaluate(training, context.scoring)
    told = told_as(training, evaluation, context, version)
    pictures = plots(evaluation, drawn_bars(context.bars, context.scoring))
    page = html(told, pictures)
    return {CARD: markdown(told).encode(), PAGE: page.encode(), **pictures}


def told_as(training: Training, evaluation: Evaluation, context: Context, version: str) -> Document:
    """The document of a training."""
    title = f"Scorecard {version}" if version else f"Calibration of {training.table.source}"
    return document(
        title,
        (
            parts.verdict(training, context.now),
            parts.data(training),
            parts.metrics(training),
            parts.reliability(evaluation),
            parts.findings(evaluation),
            bars(context.bars),
            parts.segments(evaluation),
            report_weights.learned(evaluation),
            report_weights.points(evaluation),
            parts.columns(training),
            parts.making(training, context.settings, libraries()),
        ),
    )


def libraries() -> dict[str, str]:
    """Versions of what the figures depend on, by name."""
    found = {name: installed(name) for name in LIBRARIES}
    return {"python": platform.python_version(), **found}
