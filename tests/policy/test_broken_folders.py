"""Whatever is broken in a folder, loading says what: it never crashes, and never half loads."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
import yaml

from scoring_service.policy.check import check
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes, Severity
from scoring_service.policy.rule_tests import run
from scoring_service.policy.source import source_of

Files = dict[str, bytes]

VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, float("inf"), "", "x", "NO", "2025-01-01", [], {}, [None],
    {"a": None}, [[]], "anna", "sdr", "a" * 300, "{pool}", "7d", "5bh", "09:00-10:00", "true",
    "employees > 1", "é", "a.b", "territories.csv", "otherwise",
)  # fmt: skip
KEYS: tuple[Any, ...] = ("x", "", 7, None, "name", "when", "table", "a.b", "queue", "role")
SNIPPETS = (
    b" ", b"\n", b'"', b"|", b"..", b">=", b": ", b"- ", b"{", b"}", b"\xff", b"&a ", b"*a",
    b"!!x ", b"\x00", b"%", b"@", b"<<: ",
)  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with each of its keys."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys if isinstance(value, dict | list) else ():
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def with_other_values(rng: Random, content: bytes) -> bytes:
    """A YAML file in which one value is another, missing, or has a stranger beside it."""
    value = yaml.safe_load(content)
    inside, key = rng.choice(list(places(value)))
    match rng.randrange(4):
        case 0:
            del inside[key]
        case 1 if isinstance(inside, dict):
            inside[rng.choice(KEYS)] = rng.choice(VALUES)
        case _:
            inside[key] = rng.choice(VALUES)
    return yaml.safe_dump(value, sort_keys=False).encode()


def with_other_bytes(rng: Random, content: bytes) -> bytes:
    """A file in which somebody's cat walked over the keyboard."""
    found = bytearray(content)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(found) + 1)
        found[at : at + rng.choice((0, 0, 1, 8))] = rng.choice(SNIPPETS)
    return bytes(found)


def broken(rng: Random, files: Files) -> Files:
    found = dict(files)
    for name in rng.sample(sorted(found), rng.choice((1, 1, 2, 3))):
        typed = name.endswith(".csv") or rng.random() < 0.3
        found[name] = (with_other_bytes if typed else with_other_values)(rng, found[name])
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_broken_folder_is_told_or_loads_whole(
    seed: int, rule_files: Callable[..., Files]
) -> None:
    source = source_of(broken(Random(seed), rule_files()))
    findings = check(source)
    mistakes = [one for one in findings if one.severity is Severity.MISTAKE]
    assert all(one.line >= 1 and one.what and one.remedy for one in findings)
    if mistakes:
        with pytest.raises(Mistakes) as refused:
            load(source)
        assert list(map(str, refused.value.mistakes)) == list(map(str, mistakes))
    else:
        policy = load(source)
        assert len(run(policy, source)) <= 1
        assert policy.routes.routes[-1].name == "otherwise"
