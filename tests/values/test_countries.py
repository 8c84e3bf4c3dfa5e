"""Country codes: the assigned ones are taken, near misses have their remedy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.values.countries import COUNTRIES, remedy


def test_the_list_has_the_officially_assigned_codes() -> None:
    assert len(COUNTRIES) == 249
    assert {len(code) for code in COUNTRIES} == {2}
    assert {"DE", "US", "GB", "GR", "SS", "CW"} <= COUNTRIES
    assert not {"UK", "EL", "EU", "AN", "SU", "XK", "ZZ"} & COUNTRIES


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        pytest.param("de", "DE", id="lower case"),
        pytest.param("Fr", "FR", id="half of it"),
        pytest.param("UK", "GB", id="what the British say"),
        pytest.param("uk", "GB", id="and in lower case"),
        pytest.param("EL", "GR", id="what the Union says of Greece"),
        pytest.param("el", "GR", id="and in lower case as well"),
    ],
)
def test_a_near_miss_is_told_what_was_meant(code: str, meant: str) -> None:
    assert remedy(code) == f"{code!r} is no country code; did you mean {meant!r}?"


@pytest.mark.parametrize("code", ["", "X", "DEU", "Germany", "ZZ", "276", "x" * 20])
def test_anything_else_is_told_what_to_send(code: str) -> None:
    assert remedy(code) == f"{code!r} is no country code; send ISO 3166-1 alpha-2, such as DE"


@given(st.text(min_size=21, max_size=80))
def test_a_long_text_is_quoted_in_part(code: str) -> None:
    assert remedy(code).startswith(f"{code[:20]!r} is no")


@given(st.sampled_from(sorted(COUNTRIES)))
def test_no_assigned_code_is_taken_for_another(code: str) -> None:
    assert remedy(code.lower()).endswith(f"did you mean {code!r}?")
