"""The real data that ships, as the command reads it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scoring_service.cli.main import cli

Said = dict[str, Any]
Calibrate = Callable[..., Said]


@pytest.fixture(scope="session")
def calibrate() -> Calibrate:
    """Runs the command and gives its JSON; its exit code is 0 where it published, else 1."""

    def run(models: Path, *words: object) -> Said:
        command = ["calibrate", *map(str, words), "--models", str(models), "--json"]
        done = CliRunner().invoke(cli, command)
        assert done.exit_code in (0, 1), done.output
        said: Said = json.loads(done.stdout)
        assert (done.exit_code == 0) == said["published"] == (models / "CURRENT").exists()
        return said

    return run
