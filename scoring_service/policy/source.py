"""The rule files as they were, with all that their meaning depends on: what a revision names."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
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


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    """What is hashed and stored: every map in the order of its keys."""

    files: dict[str, bytes]
    holidays: dict[str, tuple[date, ...]]
    versions: dict[str, str]


@dataclass(frozen=True)
class Source:
    """Rule files by name, holidays as dates, versions of the data that zones and domains use.

    Equal content has an equal `revision`, on any machine, whatever is installed there.
    """

    files: Mapping[str, bytes] = field(repr=False)
    holidays: Mapping[str, tuple[date, ...]] = field(repr=False)
    versions: Mapping[str, str]

    @cached_property
    def revision(self) -> str:
        """The hash of the content, 16 hex digits."""
        return hashlib.sha256(self._content).hexdigest()[:16]

    def pack(self) -> bytes:
        """The content compressed, to be stored once a revision."""
        return zlib.compress(self._content, 6)

    @property
    def _content(self) -> bytes:
        return msgspec.msgpack.encode(
            _Packed(
                dict(sorted(self.files.items())),
                dict(sorted(self.holidays.items())),
                dict(sorted(self.versions.items())),
            )
        )


def unpack(packed: bytes) -> Source:
    """The Source that was packed; ValueError where the bytes are none."""
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(packed, PACKED_BYTES_MAX)
        found = msgspec.msgpack.decode(content, type=_Packed)
    except (zlib.error, msgspec.DecodeError) as error:
        raise ValueError(f"this is no stored revision: {error}") from error
    return Source(found.files, found.holidays, found.versions)


def source_of(files: Mapping[str, bytes]) -> Source:
    """The Source of files just read: holidays they name as dates, versions of what is installed."""
    holidays = {code: holidays_of(code) for code in _codes(files)}
    known = {code: dates for code, dates in holidays.items() if dates is not None}
    return Source(dict(files), known, {name: version(name) for name in DATA_PACKAGES})


def _codes(files: Mapping[str, bytes]) -> frozenset[str]:
    """The holiday codes in calendars.yaml; none from a file that loading will refuse anyway."""
    try:
        return codes_in(compose(CALENDARS, files.get(CALENDARS, b"")))
    except Mistakes:
        return frozenset()
