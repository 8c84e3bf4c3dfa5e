"""Pictures: PNGs of the same bytes for the same evaluation, whatever the names in it."""

import struct
import zlib
from collections.abc import Callable, Iterator

import pytest

from scoring_service.calibration.reporting.evaluate import evaluate
from scoring_service.calibration.reporting.evaluation import Evaluation, Weight
from scoring_service.calibration.reporting.plots import draw_weights, largest, plain, plots, png
from scoring_service.calibration.results import Interval, Training

Train = Callable[..., Training]
NAMES = {"reliability.png", "distribution.png", "gain.png", "weights.png"}


@pytest.fixture(scope="module")
def evaluation(train: Train) -> Evaluation:
    return evaluate(train())


@pytest.fixture(scope="module")
def drawn(evaluation: Evaluation) -> dict[str, bytes]:
    return plots(evaluation, {"mql": 0.2, "sql": 0.4})


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def test_four_pictures_of_readable_size(drawn: dict[str, bytes]) -> None:
    assert drawn.keys() == NAMES
    for content in drawn.values():
        width, height = struct.unpack(">II", dict(_chunks(content))[b"IHDR"][:8])
        assert width == 700
        assert 200 <= height <= 900


def test_the_same_evaluation_gives_the_same_bytes_without_date_or_program(
    train: Train, drawn: dict[str, bytes]
) -> None:
    assert plots(evaluate(train()), {"sql": 0.4, "mql": 0.2}) == drawn
    for content in drawn.values():
        kinds = {kind for kind, _ in _chunks(content)}
        assert not kinds & {b"tEXt", b"iTXt", b"zTXt", b"tIME"}


def test_a_bar_is_drawn(evaluation: Evaluation, drawn: dict[str, bytes]) -> None:
    without = plots(evaluation, {})
    assert without["distribution.png"] != drawn["distribution.png"]
    assert without["gain.png"] == drawn["gain.png"]


def test_the_pictures_are_not_blank(drawn: dict[str, bytes]) -> None:
    for name, content in drawn.items():
        data = b"".join(body for kind, body in _chunks(content) if kind == b"IDAT")
        assert len(set(zlib.decompress(data))) > 20, name


def test_nothing_predicted_is_nothing_drawn() -> None:
    assert plots(Evaluation(), {}) == {}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(r"$\frac{1}{0}$", id="a formula"),
        pytest.param("会社 🚀", id="letters that the font lacks"),
        pytest.param("line\nbreak\x00", id="control characters"),
        pytest.param("x" * 500, id="very long"),
        pytest.param("Größe in €", id="umlauts"),
        pytest.param("", id="no name"),
    ],
)
def test_any_name_can_be_drawn(name: str) -> None:
    weight = Weight(name, "text", Interval(0.3, 0.1, 0.5), surprise="odd")
    assert png(lambda axes: draw_weights(axes, [weight])).startswith(b"\x89PNG")
    assert len(plain(name).replace("\\$", "$")) <= 40


def test_the_largest_weights_are_drawn_largest_first() -> None:
    weights = tuple(
        Weight(f"w{place}", "text", Interval(size, size, size))
        for place, size in enumerate([0.1, -0.9, 0.5] + [0.01] * 40)
    )
    assert [weight.term for weight in largest(weights)[:3]] == ["w1", "w2", "w0"]
    assert len(largest(weights)) == 24
