"""What notebooks import: functions by name, whatever was loaded before, and nothing until then."""

import subprocess
import sys

import pytest

import scoring_service.calibration as calibration


@pytest.mark.parametrize("name", calibration.__all__)
def test_every_name_is_there_and_documented(name: str) -> None:
    found = getattr(calibration, name)
    assert callable(found)
    assert found.__doc__
    assert name in dir(calibration)


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = calibration.nonsense


def _said(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_loads_no_library() -> None:
    heavy = '{"numpy", "sklearn", "matplotlib", "pyarrow", "skops"} & set(sys.modules)'
    assert _said(f"import sys, scoring_service.calibration; print({heavy})") == "set()"


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("", id="nothing loaded before"),
        pytest.param(
            "import scoring_service.calibration.rows.read_file", id="its module loaded before"
        ),
    ],
)
def test_a_function_is_no_module_though_both_have_one_name(before: str) -> None:
    program = f"{before}\nfrom scoring_service.calibration import read_file\nprint(read_file)"
    assert _said(program).startswith("<function read_file")
