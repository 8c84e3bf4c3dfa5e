"""Generates the Python code of the protos beside them: `python protos/generate.py`.

With `--image FILE` it writes the descriptor image that buf reads, instead. `baseline.binpb` is the image that later
changes must not break: write it anew when a change of the wire is released.
"""

import argparse
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import grpc_tools
from grpc_tools import protoc

PROTOS = Path(__file__).resolve().parent
BASELINE = PROTOS / "baseline.binpb"


def sources() -> list[str]:
    """Every .proto of ours, relative to the protos folder, in a fixed order."""
    return sorted(path.relative_to(PROTOS).as_posix() for path in PROTOS.glob("**/*.proto"))


def generate(out: Path) -> list[Path]:
    """Write *_pb2.py, *_pb2_grpc.py and their .pyi under `out`; the files made, relative to it."""
    kinds = ("python", "grpc_python", "mypy", "mypy_grpc")
    _protoc(*(f"--{kind}_out={'quiet:' if 'mypy' in kind else ''}{out}" for kind in kinds))
    return sorted(path.relative_to(out) for path in out.rglob("*.py*") if path.is_file())


def write_image(file: Path) -> None:
    """Write the descriptor image, with everything imported and with the comments."""
    _protoc(f"--descriptor_set_out={file}", "--include_imports", "--include_source_info")


def _protoc(*options: str) -> None:
    annotations = find_spec("google.api.annotations_pb2")
    assert annotations is not None
    assert annotations.origin is not None
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    folders = (PROTOS, well_known, Path(annotations.origin).parents[2])
    if protoc.main(["protoc", *(f"-I{folder}" for folder in folders), *options, *sources()]) != 0:
        raise SystemExit("protoc refused the protos; its message stands above")


def main() -> None:
    """Write the code, all of it or nothing, or the image."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--image", type=Path, metavar="FILE")
    image = arguments.parse_args().image
    # protoc looks for the plugins of mypy-protobuf on the PATH
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    if image:
        write_image(image)
        return
    with tempfile.TemporaryDirectory() as folder:
        for made in generate(Path(folder)):
            (PROTOS / made).write_bytes((Path(folder) / made).read_bytes())


if __name__ == "__main__":
    main()
