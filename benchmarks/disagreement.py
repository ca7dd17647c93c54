"""Do answers show both sides where two dated documents differ in one thing?

Makes pairs of short documents of two dates that report one event and differ in one number, name or
date, in the same or in other words; pairs that agree; and single documents on events alike at other
places. All of them go into one index. Of every pair is asked, over all documents and with
`as_of` a day between the two:

- `both`: the values of both documents stand in the quotes of the answer;
- `named`: the answer has a conflict that cites both;
- `older`: with `as_of`, the older value stands in a quote and the newer nowhere in the answer;
- `false alarms`: a conflict is named where the two documents agree.

    python benchmarks/disagreement.py [--folder DIR] [--pairs N] [--seed N]
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rag.assistant import Assistant
from rag.types import Answer

SEED = 7

#: What reports are made of. An event has, with {p} for the place: openings, which say nothing of
#: what differs, and per kind of difference the questions and the wordings, with {x} for the value.
MADE_OF = json.loads(Path(__file__).with_name("disagreement_events.json").read_text("utf-8"))
PLACES: list[str] = MADE_OF["places"]
PEOPLE: list[str] = MADE_OF["people"]
FILLERS: list[str] = MADE_OF["fillers"]
EVENTS: dict[str, dict[str, list[str]]] = MADE_OF["events"]
MONTHS = (
    "January February March April May June July August September October November December".split()
)
KINDS = ("number", "date", "name")


@dataclass(frozen=True, slots=True)
class Report:
    """A document: its file name, which dates it, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports of one event, the question on what may differ in them, and their values."""

    kind: str
    question: str
    older: Report
    newer: Report
    old: str
    new: str
    between: str
    reworded: bool


def pairs(count: int, rng: random.Random) -> tuple[list[Pair], list[Pair], list[Report]]:
    """Pairs that differ, a third as many that agree, and as many single reports as these."""
    matters = [(event, place) for event in EVENTS for place in PLACES]
    rng.shuffle(matters)
    taken = iter(matters)
    differ = [_pair(next(taken), KINDS[n % 3], n, rng, agree=False) for n in range(count)]
    agree = [_pair(next(taken), KINDS[n % 3], n, rng, agree=True) for n in range(count // 3)]
    single = [_pair(next(taken), KINDS[n % 3], n, rng, agree=True).older for n in range(count // 3)]
    return differ, agree, single


def _pair(matter: tuple[str, str], kind: str, n: int, rng: random.Random, *, agree: bool) -> Pair:
    event, place = matter
    forms = EVENTS[event]
    first = date(2019, 1, 10) + timedelta(days=rng.randrange(900))
    second = first + timedelta(days=rng.randrange(4, 400))
    old, new = _values(event, kind, first, rng)
    reworded = n % 3 != 0  # every third pair uses the same words twice
    form = rng.randrange(3)
    other_form = (form + rng.randrange(1, 3)) % 3 if reworded else form
    new = old if agree else new
    older, newer = (
        Report(
            f"{day.isoformat()}-{event}-{place.lower()}.txt",
            _text(forms, forms[kind][wording].format(p=place, x=value), place, side, rng),
        )
        for side, (day, wording, value) in enumerate(
            ((first, form, old), (second, other_form, new))
        )
    )
    question = rng.choice(forms[f"{kind} ask"]).format(p=place)
    between = first + (second - first) / 2
    return Pair(kind, question, older, newer, old, new, between.isoformat(), reworded)


def _text(forms: dict[str, list[str]], fact: str, place: str, side: int, rng: random.Random) -> str:
    """A report of two paragraphs; what differs stands in either."""
    opening = forms["opening"][side].format(p=place)
    fact = fact[0].upper() + fact[1:]
    fillers = rng.sample(FILLERS, 3)
    body = [f"{opening} {fillers[0]}", f"{fact} {fillers[1]} {fillers[2]}"]
    if rng.random() < 0.5:
        body = [f"{opening} {fact}", " ".join(fillers)]
    return "\n\n".join(body) + "\n"


def _values(event: str, kind: str, written: date, rng: random.Random) -> tuple[str, str]:
    """Two values that cannot both be right."""
    if kind == "name":
        first, second = rng.sample(PEOPLE, 2)
        return first, second
    if kind == "date":
        day = written - timedelta(days=rng.randrange(3, 40))
        other = day - timedelta(days=rng.randrange(1, 9))
        year = rng.random() < 0.5
        return _day(day, year), _day(other, year)
    low, high = {"vote": (21, 69), "talks": (4, 14)}.get(event, (21, 480))
    few, many = rng.sample(range(low, high), 2)
    return str(few), str(many)


def _day(day: date, year: bool) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def asked(assistant: Assistant, pair: Pair) -> dict[str, bool]:
    """What the answers over all documents, and as of the day between, show of a pair."""
    answer = assistant.ask(pair.question)
    then = assistant.ask(pair.question, as_of=pair.between)
    cited = {
        c.id
        for c in answer.citations
        if c.source.rsplit("/", 1)[-1] in (pair.older.name, pair.newer.name)
    }
    return {
        "answered": answer.answered,
        "both": _shows(answer, pair.old) and _shows(answer, pair.new),
        "named": any(len(cited & set(c.citations)) == 2 for c in answer.conflicts),
        "older": _shows(then, pair.old) and not _shows(then, pair.new),
        "older answered": then.answered,
    }


def _shows(answer: Answer, value: str) -> bool:
    """Whether a value stands in a cited quote, as whole words."""
    return any(f" {value} " in f" {_plain(c.quote)} " for c in answer.citations)


def _plain(quote: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in quote).split())


def measure(assistant: Assistant, differ: Sequence[Pair], agree: Sequence[Pair]) -> Iterator[str]:
    """The table, line by line; what failed comes after it."""
    rows = [(pair, asked(assistant, pair)) for pair in differ]
    names = ("both", "named", "older", "answered", "older answered")
    yield f"{'pairs':24}{'n':>5}" + "".join(f"{name:>16}" for name in names)
    groups = [(kind, [r for p, r in rows if p.kind == kind]) for kind in KINDS]
    groups += [
        ("same words", [r for p, r in rows if not p.reworded]),
        ("other words", [r for p, r in rows if p.reworded]),
        ("all", [r for _, r in rows]),
    ]
    for label, found in groups:
        shares = "".join(f"{sum(r[n] for r in found) / len(found):16.3f}" for n in names)
        yield f"{label:24}{len(found):5}{shares}"
    wrong = [p for p in agree if assistant.ask(p.question).conflicts]
    yield f"{'false alarms':24}{len(agree):5}{len(wrong) / len(agree):16.3f}"
    for pair, row in rows:
        lacking = [n for n in ("both", "named", "older") if not row[n]]
        if lacking:
            yield f"not {', '.join(lacking)}: {pair.question} ({pair.old} / {pair.new})"
    for pair in wrong:
        yield f"false alarm: {pair.question} ({pair.old})"


def write(folder: Path, differ: Sequence[Pair], agree: Sequence[Pair], single: list[Report]) -> int:
    """Writes all reports as files; how many."""
    reports = [r for p in (*differ, *agree) for r in (p.older, p.newer)] + single
    folder.mkdir(parents=True, exist_ok=True)
    for report in reports:
        (folder / report.name).write_text(report.text, encoding="utf-8")
    return len(reports)


def main() -> None:
    parser = argparse.ArgumentParser(description="Do answers show both sides of a disagreement?")
    parser.add_argument("--folder", type=Path, help="where to make the documents and their index")
    parser.add_argument("--pairs", type=int, default=108)
    parser.add_argument("--seed", type=int, default=SEED, help="another draws other pairs")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        differ, agree, single = pairs(given.pairs, random.Random(given.seed))
        count = write(folder / "documents", differ, agree, single)
        print(f"{count} documents, {len(differ)} pairs that differ, {len(agree)} that agree")
        index = folder / "index"
        with Assistant.from_paths([folder / "documents"], index=index) as assistant:
            for text in measure(assistant, differ, agree):
                print(text, flush=True)


if __name__ == "__main__":
    main()
