"""What a model.skops is made of, read from its schema without making anything of it.

skops' own list of trusted types is wide, and loading a pickle runs code: here the names are held
against a list of our own before skops is called.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import msgspec

from scoring_service.registry.problem import RegistryProblem

SCHEMA = "schema.json"
SCHEMA_BYTES_MAX = 16 * 1024 * 1024
ALLOWED = frozenset(
    {
        "sklearn.pipeline.Pipeline",
        "sklearn.linear_model._logistic.LogisticRegression",
        "scoring_service.calibration.learning.encoder.ScorecardEncoder",
        "scoring_service.calibration.learning.encoder.Slots",
        "numpy.ndarray",
        "numpy.dtype",
        "numpy.int64",
        "numpy.int32",
        "numpy.float64",
        "numpy.bool_",
        "numpy.bool",
        "builtins.list",
        "builtins.tuple",
        "builtins.dict",
        "builtins.str",
        "builtins.int",
        "builtins.float",
        "builtins.bool",
        "builtins.NoneType",
        "builtins.type",
        "collections.OrderedDict",
        "collections.defaultdict",
    }
)
"""Types that a model of ours is made of."""


def check_skops(content: bytes, where: str) -> None:
    """Raise RegistryProblem unless the content is a skops file of allowed types only."""
    foreign = sorted(types_in(content, where) - ALLOWED)
    if foreign:
        raise RegistryProblem(
            f"{where} holds types that no model of ours has: {', '.join(foreign)[:500]};"
            " it was not loaded"
        )


def types_in(content: bytes, where: str) -> frozenset[str]:
    """The full names of all types that a skops file would make; RegistryProblem if it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo(SCHEMA).file_size > SCHEMA_BYTES_MAX:
                raise RegistryProblem(f"{where} has a schema of over {SCHEMA_BYTES_MAX >> 20} MiB")
            schema = msgspec.json.decode(archive.read(SCHEMA))
    except RegistryProblem:
        raise
    except Exception as error:  # a damaged archive raises nearly anything: ValueError, zlib.error
        raise RegistryProblem(f"{where} is no skops file: it was not loaded") from error
    return frozenset(_names(schema))


def _names(node: Any) -> Iterator[str]:
    """Every `__module__` and `__class__` of a schema, without recursion."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if "__class__" in found or "__module__" in found:
                yield f"{found.get('__module__', '')}.{found.get('__class__', '')}"
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
