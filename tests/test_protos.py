"""The wire as committed: code that matches its protos, a comment on everything, nothing broken."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

PROTOS = Path(__file__).parents[1] / "protos"


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_protos", PROTOS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _image(file: Path) -> tuple[FileDescriptorProto, ...]:
    everything = FileDescriptorSet.FromString(file.read_bytes()).file
    return tuple(one for one in everything if one.package == "leadscoring.v1")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> tuple[FileDescriptorProto, ...]:
    file = tmp_path_factory.mktemp("image") / "now.binpb"
    _generator().write_image(file)
    return _image(file)


@pytest.fixture(autouse=True)
def _plugins_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{scripts}{os.pathsep}{os.environ['PATH']}")


def test_the_committed_code_is_what_the_protos_generate(tmp_path: Path) -> None:
    made = _generator().generate(tmp_path)
    assert len(made) >= 12
    differing = [
        str(file) for file in made if (tmp_path / file).read_bytes() != (PROTOS / file).read_bytes()
    ]
    assert differing == [], "run python protos/generate.py"


def test_no_generated_file_is_left_over_from_a_removed_proto(tmp_path: Path) -> None:
    made = set(_generator().generate(tmp_path))
    committed = {p.relative_to(PROTOS) for p in (PROTOS / "leadscoring").rglob("*_pb2*.py*")}
    assert {p for p in committed if p.suffix != ".pyc"} == made


def _fields(
    message: DescriptorProto, prefix: str = ""
) -> Iterator[tuple[str, FieldDescriptorProto]]:
    for field in message.field:
        yield f"{prefix}{message.name}.{field.name}", field
    for nested in message.nested_type:
        yield from _fields(nested, f"{prefix}{message.name}.")


def test_every_field_of_the_baseline_is_still_there_with_its_number_and_type(
    image: tuple[FileDescriptorProto, ...],
) -> None:
    now = {
        name: (field.number, field.type, field.label, field.type_name)
        for file in image
        for message in file.message_type
        for name, field in _fields(message)
    }
    before = [
        (name, (field.number, field.type, field.label, field.type_name))
        for file in _image(PROTOS / "baseline.binpb")
        for message in file.message_type
        for name, field in _fields(message)
    ]
    assert len(before) > 100
    assert [name for name, shape in before if now.get(name) != shape] == []


def test_every_rpc_of_the_baseline_is_still_there(image: tuple[FileDescriptorProto, ...]) -> None:
    def methods(files: tuple[FileDescriptorProto, ...]) -> set[tuple[str, str, str, str]]:
        return {
            (service.name, method.name, method.input_type, method.output_type)
            for file in files
            for service in file.service
            for method in service.method
        }

    before = methods(_image(PROTOS / "baseline.binpb"))
    assert len(before) >= 9
    assert before <= methods(image)


def test_everything_on_the_wire_has_a_comment(image: tuple[FileDescriptorProto, ...]) -> None:
    bare = [
        f"{file.name}:{location.span[0] + 1}"
        for file in image
        for location in file.source_code_info.location
        if _is_declaration(list(location.path)) and not location.leading_comments.strip()
    ]
    assert bare == []


def _is_declaration(path: list[int]) -> bool:
    """Messages (4), enums (5), services (6) of a file, and their fields, values, methods (2)."""
    top = len(path) == 2 and path[0] in (4, 5, 6)
    return top or (len(path) == 4 and path[0] in (4, 5, 6) and path[2] == 2)


def test_every_method_has_a_request_and_a_response_of_its_own(
    image: tuple[FileDescriptorProto, ...],
) -> None:
    for file in image:
        for service in file.service:
            for method in service.method:
                assert method.input_type == f".leadscoring.v1.{method.name}Request"
                assert method.output_type == f".leadscoring.v1.{method.name}Response"
