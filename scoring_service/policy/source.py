"""The rule files as they were, with all that their meaning depends on: what a revision names."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from importlib.metadata import version

import msgspec

from scoring_service.policy.document import compose
from scoring_service.policy.files.calendars import codes_in
from scoring_service.policy.holidays import holidays_of
from scoring_service.policy.mistake import Mistakes

CALENDARS = "calendars.yaml"
DATA_PACKAGES = ("tzdata", "publicsuffixlist", "holidays")
"""The packages whose data a decision depends on."""

PACKED_BYTES_MAX = 256 * 1024 * 1024


class _Rules(msgspec.Struct, frozen=True, array_like=True):
    """What is hashed and stored: every map in the order of its keys."""

    files: dict[str, bytes]
    holidays: dict[str, tuple[date, ...]]
    versions: dict[str, str]


class _Packed(_Rules, frozen=True, array_like=True):
    """With the current model's scorecard; without one the rules alone are what is hashed, so that a
    revision that was stored before there were models keeps its name.
    """

    model: bytes = b""


@dataclass(frozen=True)
class Source:
    """Rule files by name, holidays as dates, versions of the data that zones and domains use, and
    the current model's scorecard.json.

    Equal content has an equal `revision`, on any machine, whatever is installed there.
    """

    files: Mapping[str, bytes] = field(repr=False)
    holidays: Mapping[str, tuple[date, ...]] = field(repr=False)
    versions: Mapping[str, str]
    model: bytes = field(default=b"", repr=False)

    @cached_property
    def revision(self) -> str:
        """The hash of the content, 16 hex digits."""
        return hashlib.sha256(self._content).hexdigest()[:16]

    def pack(self) -> bytes:
        """The content compressed, to be stored once a revision."""
        return zlib.compress(self._content, 6)

    @property
    def _content(self) -> bytes:
        rules = (
            dict(sorted(self.files.items())),
            dict(sorted(self.holidays.items())),
            dict(sorted(self.versions.items())),
        )
        packed = _Packed(*rules, self.model) if self.model else _Rules(*rules)
        return msgspec.msgpack.encode(packed)


def unpack(packed: bytes) -> Source:
    """The Source that was packed; ValueError where the bytes are none."""
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(packed, PACKED_BYTES_MAX)
        found = msgspec.msgpack.decode(content, type=_Packed)
    except (zlib.error, msgspec.DecodeError) as error:
        raise ValueError(f"this is no stored revision: {error}") from error
    return Source(found.files, found.holidays, found.versions, found.model)


def source_of(files: Mapping[str, bytes], model: bytes = b"") -> Source:
    """The Source of files just read: holidays they name as dates, versions of what is installed,
    the current model's scorecard.json (empty where there is none).
    """
    holidays = {code: holidays_of(code) for code in _codes(files)}
    known = {code: dates for code, dates in holidays.items() if dates is not None}
    return Source(dict(files), known, dict(_installed()), model)


@cache
def _installed() -> tuple[tuple[str, str], ...]:
    """Each data package with its version: that of the data which this process has read."""
    return tuple((name, version(name)) for name in DATA_PACKAGES)


def _codes(files: Mapping[str, bytes]) -> frozenset[str]:
    """The holiday codes in calendars.yaml; none from a file that loading will refuse anyway."""
    try:
        return codes_in(compose(CALENDARS, files.get(CALENDARS, b"")))
    except Mistakes:
        return frozenset()
