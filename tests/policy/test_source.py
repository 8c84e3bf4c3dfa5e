"""A revision names the content, on any machine; what is stored of it is the content."""

import zlib
from collections.abc import Callable
from datetime import date
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.policy import Policy
from scoring_service.policy.holidays import HOLIDAY_YEARS, holidays_of, unknown_holidays
from scoring_service.policy.load import load
from scoring_service.policy.source import PACKED_BYTES_MAX, Source, source_of, unpack

VERSIONS = {"tzdata": "2025.2"}
files = st.dictionaries(st.text(min_size=1, max_size=8), st.binary(max_size=40), max_size=5)


@given(files)
def test_equal_files_have_an_equal_revision_whatever_their_order(found: dict[str, bytes]) -> None:
    turned = dict(reversed(found.items()))
    assert Source(found, {}, VERSIONS).revision == Source(turned, {}, VERSIONS).revision


@given(files, files)
def test_other_files_have_another_revision(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    same = Source(one, {}, VERSIONS).revision == Source(other, {}, VERSIONS).revision
    assert same == (one == other)


def test_a_byte_moved_from_one_file_to_the_next_is_another_revision() -> None:
    one = Source({"a": b"xy", "b": b"z"}, {}, VERSIONS)
    assert one.revision != Source({"a": b"x", "b": b"yz"}, {}, VERSIONS).revision


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Source({}, {"DE": (date(2025, 1, 1),)}, VERSIONS), id="a holiday"),
        pytest.param(Source({}, {}, {"tzdata": "2026.1"}), id="the version of the zones"),
    ],
)
def test_what_the_meaning_depends_on_is_part_of_the_revision(other: Source) -> None:
    assert Source({}, {}, VERSIONS).revision != other.revision


@given(files)
def test_what_is_stored_comes_back(found: dict[str, bytes]) -> None:
    kept = Source(found, {"DE-BE": (date(2025, 3, 8),)}, VERSIONS)
    assert unpack(kept.pack()) == kept
    assert unpack(kept.pack()).revision == kept.revision


def test_a_policy_of_a_stored_revision_is_the_policy(source: Callable[..., Source]) -> None:
    first = source()
    again = load(unpack(first.pack()))
    assert again.revision == first.revision
    assert again.calendars["office"] == load(first).calendars["office"]


def test_a_stored_revision_keeps_its_holidays_whatever_is_installed(
    source: Callable[..., Source],
) -> None:
    kept = source()
    holiday = date(2031, 7, 4)
    other = Source(kept.files, {"DE-BE": (holiday,)}, kept.versions)
    policy: Policy = load(unpack(other.pack()))
    assert policy.calendars["office"].closed == {holiday, date(2025, 12, 24)}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"not compressed", id="bytes that are not compressed"),
        pytest.param(zlib.compress(b"not packed"), id="something else that is compressed"),
        pytest.param(Source({"a": b"x" * 99}, {}, VERSIONS).pack()[:-9], id="half a revision"),
    ],
)
def test_what_is_no_stored_revision_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="this is no stored revision"):
        unpack(content)


def test_a_stored_bomb_does_not_take_the_memory() -> None:
    squeezer = zlib.compressobj(9)
    bomb = b"".join(squeezer.compress(bytes(2**20)) for _ in range(PACKED_BYTES_MAX // 2**20 + 9))
    with pytest.raises(ValueError, match="this is no stored revision"):
        unpack(bomb + squeezer.flush())


def test_only_the_holidays_that_calendars_name_are_kept(
    rule_files: Callable[..., dict[str, bytes]],
) -> None:
    assert set(source_of(rule_files()).holidays) == {"DE-BE"}
    several = "a: {weekly: {}, holidays: [US, GB-ENG, XX]}\nb: {holidays: US}\nc: 7\n"
    assert set(source_of(rule_files(calendars=several)).holidays) == {"US", "GB-ENG"}


@pytest.mark.parametrize(
    "calendars",
    [
        pytest.param("office: [", id="a file that is no YAML"),
        pytest.param("[1, 2]", id="a list"),
        pytest.param("office: {holidays: {a: 1}}", id="holidays that are a map"),
        pytest.param("office: {holidays: 5}", id="holidays that are a number"),
        pytest.param("office: {holidays: [5, null]}", id="holidays that are no texts"),
    ],
)
def test_a_file_that_loading_will_refuse_has_no_holidays(
    rule_files: Callable[..., dict[str, bytes]], calendars: str
) -> None:
    assert source_of(rule_files(calendars=calendars)).holidays == {}


def test_the_versions_of_what_is_installed_are_named(source: Callable[..., Source]) -> None:
    assert set(source().versions) == {"tzdata", "publicsuffixlist", "holidays"}
    assert source().versions == {name: version(name) for name in source().versions}


@pytest.mark.parametrize(
    ("code", "day"),
    [
        pytest.param("DE", date(2025, 10, 3), id="a country"),
        pytest.param("DE-BE", date(2025, 3, 8), id="a part of a country has its own"),
        pytest.param("US", date(2025, 11, 27), id="a holiday that moves"),
        pytest.param("GB-ENG", date(2050, 12, 26), id="the last year that is kept"),
        pytest.param("DE", date(2015, 1, 1), id="the first year that is kept"),
    ],
)
def test_holidays_are_dates(code: str, day: date) -> None:
    found = holidays_of(code)
    assert found is not None
    assert day in found
    assert list(found) == sorted(set(found))
    assert {found[0].year, found[-1].year} == {HOLIDAY_YEARS[0], HOLIDAY_YEARS[-1]}


@pytest.mark.parametrize("code", ["XX", "", "DE-XX", "de", "DE-", "Germany", "A" * 500])
def test_an_unknown_code_has_no_holidays(code: str) -> None:
    assert holidays_of(code) is None
    what, remedy = unknown_holidays(code)
    assert what
    assert remedy
