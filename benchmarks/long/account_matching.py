"""How well accounts are matched by name, and how fast.

    python benchmarks/long/account_matching.py DATA [--accounts N] [--searches N]

DATA is a folder with `match_patstat_names/` (company_names.csv: record_id, entity_id, name) and
`match_fodors_zagats/` (fodors.csv, zagats.csv, matches_fodors_zagats.csv). Default settings
throughout, nothing is fitted to the sets.

Names: every pair of records is a question, "one company?". Yes is said where the two names are the
same once normalised ("exact"); or where the index finds the one by the other, with a score of at
least SURE ("matched"); or where a chain of such pairs joins them ("grouped"). Records: every pair
of one list's record and the other's, by name, address and telephone number.

Speed: invented accounts, searched by their names, each third of which has lost a letter, with
nothing remembered from earlier searches; in memory, and through a store in a file.
"""

import argparse
import csv
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import combinations, count, product
from math import comb
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time

from scoring_service.domain.matching import keys, names, similarity
from scoring_service.domain.matching.candidates import SURE
from scoring_service.domain.matching.name_index import NameIndex
from scoring_service.domain.matching.names import normal_name
from scoring_service.domain.matching.records import SAME, BusinessRecord, record_likeness
from scoring_service.store.sqlite_database import SqliteDatabase
from scoring_service.values.account import Account

SYLLABLES = [
    "ar",
    "bel",
    "cor",
    "dor",
    "ex",
    "fer",
    "gra",
    "ix",
    "ka",
    "li",
    "lo",
    "mo",
    "nus",
    "on",
    "pi",
    "po",
    "qui",
    "ri",
    "sen",
    "ster",
    "tel",
    "tha",
    "um",
    "van",
    "zen",
]
TRADE = [
    "bank",
    "energy",
    "europe",
    "group",
    "holding",
    "industries",
    "international",
    "services",
    "solutions",
    "systems",
    "technologies",
]
FORMS = ["GmbH", "AG", "Inc.", "Ltd", "B.V.", "S.A.", "LLC", "S.p.A.", "Sp. z o.o.", ""]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--accounts", type=int, default=100_000)
    arguments.add_argument("--searches", type=int, default=3_000)
    given = arguments.parse_args()
    patstat(given.data / "match_patstat_names" / "company_names.csv")
    fodors_zagats(given.data / "match_fodors_zagats")
    speed(given.accounts, given.searches)


def told(what: str, right: int, said: int, true: int) -> None:
    precision, recall = right / said, right / true
    f1 = 2 * precision * recall / (precision + recall)
    print(f"{what:<28} F1 {f1:.4f}  precision {precision:.4f}  recall {recall:.4f}")


def patstat(file: Path) -> None:
    """Pairs are counted by normalised name: records of one name are asked about once."""
    with file.open(encoding="utf-8", newline="") as rows:
        records = [(row["entity_id"], normal_name(row["name"])) for row in csv.DictReader(rows)]
    holders: dict[str, Counter[str]] = defaultdict(Counter)
    for entity, name in records:
        holders[name][entity] += 1
    entities = Counter(entity for entity, _ in records)
    true = sum(comb(count, 2) for count in entities.values())
    print(f"{file.parent.name}: {len(records)} names of {len(entities)} companies, {true} pairs")
    index = NameIndex.of((name, name) for name in holders)
    matched = {tuple(sorted((one, other))) for one in holders for other in found(index, one)}
    grouped = _groups(holders, matched)
    for what, same in (
        ("exact normalised names", lambda one, other: False),
        ("matched", lambda one, other: (one, other) in matched),
        ("grouped by matches", lambda one, other: grouped[one] == grouped[other]),
    ):
        told(what, *_counted(holders, same), true)


def found(index: NameIndex, name: str) -> Iterator[str]:
    """Every name that the index finds by one, not just the best."""
    for other in index.sharing(keys.keys_of(name)):
        if other != name and similarity.likeness(name, other).score >= SURE:
            yield other


def _counted(holders: dict[str, Counter[str]], same: Callable[[str, str], bool]) -> tuple[int, int]:
    """Pairs of records that are said to be one company rightly, and all that are."""
    right = sum(comb(count, 2) for held in holders.values() for count in held.values())
    said = sum(comb(sum(held.values()), 2) for held in holders.values())
    for one, other in combinations(sorted(holders), 2):
        if same(one, other):
            right += sum(count * holders[other][entity] for entity, count in holders[one].items())
            said += sum(holders[one].values()) * sum(holders[other].values())
    return right, said


def _groups(members: dict[str, Counter[str]], pairs: set[tuple[str, ...]]) -> dict[str, str]:
    """The first name of each one's group: names joined by chains of pairs."""
    group = {name: name for name in members}
    for one, other in sorted(pairs):
        old, new = group[other], group[one]
        if old != new:
            group = {name: new if its == old else its for name, its in group.items()}
    return group


def fodors_zagats(folder: Path) -> None:
    lefts, rights = (_businesses(folder / f"{name}.csv") for name in ("fodors", "zagats"))
    with (folder / "matches_fodors_zagats.csv").open(encoding="utf-8", newline="") as rows:
        true = {(row["fodors_id"], row["zagats_id"]) for row in csv.DictReader(rows)}
    scores = {(a, b): record_likeness(lefts[a], rights[b]).score for a, b in product(lefts, rights)}
    said = {pair for pair, score in scores.items() if score >= SAME}
    print(f"{folder.name}: {len(lefts)} and {len(rights)} records, {len(true)} pairs")
    told("name, address and phone", len(said & true), len(said), len(true))


def _businesses(file: Path) -> dict[str, BusinessRecord]:
    with file.open(encoding="utf-8", newline="") as rows:
        return {
            row["id"]: BusinessRecord(row["name"], row["addr"], row["phone"])
            for row in csv.DictReader(rows)
        }


def invented(many: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    for number in range(many):
        own = [
            "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))
            for _ in range(chance.choice([1, 1, 2]))
        ]
        trade = chance.choices(TRADE, k=chance.choice([0, 1, 1, 2]))
        yield f"a{number:06}", " ".join([*own, *trade, chance.choice(FORMS)]).title()


def speed(many: int, searches: int) -> None:
    chance = random.Random(1)
    accounts = list(invented(many, chance))
    asked = [
        _slip(name, chance) if i % 3 == 0 else name
        for i, (_, name) in enumerate(chance.sample(accounts, searches))
    ]
    forget()
    began, worked = perf_counter(), thread_time()
    index = NameIndex.of(accounts)
    print(
        f"index of {many} accounts: built in {perf_counter() - began:.1f} s"
        f" ({thread_time() - worked:.1f} s of CPU)"
    )
    timed("in memory", index.search, asked)
    with TemporaryDirectory() as folder:
        database = SqliteDatabase(Path(folder) / "leads.db")
        database.prepare()
        filled(database, accounts)
        reader = database.reading()
        timed("through the store", lambda name: reader.accounts_named(normal_name(name)), asked)
        reader.close()


def timed(where: str, search: Callable[[str], object], asked: list[str]) -> None:
    took, worked = [], []
    for name in asked:
        forget()
        began, cpu = perf_counter(), thread_time()
        search(name)
        took.append(1000 * (perf_counter() - began))
        worked.append(1000 * (thread_time() - cpu))
    late = sorted(took)[int(0.99 * len(took))]
    print(
        f"a match {where:<18} median {median(took):.2f} ms ({median(worked):.2f} ms of CPU),"
        f" p99 {late:.1f} ms"
    )


def forget() -> None:
    """What a name was last time is not remembered: the first search of a name is what is timed."""
    for remembered in (names.normal_name, keys.keys_of):
        remembered.cache_clear()


def _slip(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


def filled(database: SqliteDatabase, accounts: list[tuple[str, str]]) -> None:
    """Store the accounts, in one transaction."""
    ids = (f"id{i}" for i in count())
    session = database.writing()
    session.begin()
    batch = session.batch(datetime(2026, 1, 1, tzinfo=UTC), lambda: next(ids))
    tx = batch.transaction()
    for account_id, name in accounts:
        tx.save_account(Account(account_id, name))
    batch.keep(tx)
    began = perf_counter()
    batch.flush()
    session.commit()
    print(f"stored with their names in {perf_counter() - began:.1f} s")
    session.close()


if __name__ == "__main__":
    main()
