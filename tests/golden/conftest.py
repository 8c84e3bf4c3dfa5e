"""Planted changes of a folder of rules that has nothing wrong with it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

Files = dict[str, bytes]
HERE = Path(__file__).parent
BASE: Mapping[str, bytes] = {file.name: file.read_bytes() for file in (HERE / "base").iterdir()}


def changed(content: bytes, change: Any) -> bytes:
    """One file after a change: `{replace:, by:}` (there once), `{append:}`, `{content:}`,
    `{line:, times:}` put behind it, or `{latin1:}`; or a list of such.
    """
    if isinstance(change, list):
        for each in change:
            content = changed(content, each)
        return content
    match change:
        case {"replace": old, "by": new}:
            assert content.count(old.encode()) == 1, f"{old!r} must be there once"
            return content.replace(old.encode(), new.encode())
        case {"append": text}:
            return content + str(text).encode()
        case {"content": text}:
            return str(text).encode()
        case {"line": line, "times": times}:
            return content + f"{line}\n".encode() * int(times)
        case {"latin1": text}:
            return str(text).encode("latin-1")
    raise AssertionError(f"no change: {change}")


@pytest.fixture(scope="session")
def planted() -> Callable[[Path], Files]:
    """The base folder with the change of a case."""

    def files(case: Path) -> Files:
        found = dict(BASE)
        for name, change in yaml.safe_load((case / "planted.yaml").read_text()).items():
            if change == "removed":
                del found[name]
            else:
                found[name] = changed(found.get(name, b""), change)
        return found

    return files


@pytest.fixture(scope="session")
def base() -> Files:
    """The folder before anything is planted."""
    return dict(BASE)
