"""The decision tables of a folder, each read once however many routes use it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring_service.domain.schema import Attribute
from scoring_service.policy.decision_table import TableRow, read_table
from scoring_service.policy.document import Document, Path
from scoring_service.policy.mistake import Mistake, Mistakes, did_you_mean


@dataclass(slots=True)
class Tables:
    """CSV files by name, and the symbols that their columns may name."""

    files: Mapping[str, bytes]
    symbols: Mapping[str, Attribute]
    mistakes: list[Mistake] = field(default_factory=list)
    _read: dict[str, tuple[TableRow, ...]] = field(default_factory=dict)

    def rows(
        self, document: Document, path: Path, name: str, columns: frozenset[str]
    ) -> tuple[TableRow, ...]:
        """The rows of the table that is named at a path; none where it cannot be read."""
        if name not in self._read:
            self._read[name] = self._rows(document, path, name, columns)
        return self._read[name]

    def _rows(
        self, document: Document, path: Path, name: str, columns: frozenset[str]
    ) -> tuple[TableRow, ...]:
        content = self.files.get(name)
        if content is None or not name.endswith(".csv"):
            tables = [file for file in self.files if file.endswith(".csv")]
            what = f"there is no table '{name}' in the folder"
            self.mistakes.append(document.mistake(path, what, did_you_mean(name, tables)))
            return ()
        try:
            return read_table(name, content, columns, self.symbols)
        except Mistakes as found:
            self.mistakes.extend(found.mistakes)
            return ()
