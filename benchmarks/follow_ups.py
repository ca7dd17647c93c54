"""What the history of a conversation is worth to retrieval.

Asks each answerable turn that has a history three times: alone, with its history, and with the
history of another conversation (as after a change of subject), and prints recall@5 for

- all such turns;
- `unnamed`: turns that hold no word of the title of any passage that answers them, so do not say
  what they are about; known from the gold passages alone, not from what was retrieved;
- `leaning`: turns that `rag.asking.question.leans_on_history` takes for follow-ups;
- `labelled`: turns that a person found not to stand alone (`--labels FILE`: a JSON object of
  suite names, each an object of question ids with true or false).

    python benchmarks/follow_ups.py SUITE... [--index FOLDER] [--labels FILE]
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from retrieval import TOP, Baselines, Remembering, interval, open_suite, score

from rag.asking.question import leans_on_history, understand
from rag.evaluate.questions import Question
from rag.models.embedder import load_embedder
from rag.retrieve import retrieve
from rag.store.index import Index
from rag.store.lexical import analyse
from rag.types import Filters, Turn

METRIC = "recall@5"
Columns = dict[str, list[float]]


def measure(folder: Path, parent: Path, labels: Mapping[str, bool]) -> tuple[Columns, Columns]:
    """By column one value a turn: its recall in each condition, and its groups (0 or 1)."""
    opened, questions = open_suite(folder, parent)
    turns = [q for q in questions if any(t.role == "user" for t in q.history)]
    strange = _others(turns)
    with opened as index:
        embedder = Remembering(load_embedder(None), _texts(turns, strange))
        ids = Baselines(index, embedder).ids

        def recall(question: Question, history: Sequence[Turn]) -> float:
            asked = understand(question.text, history)
            hits = retrieve(index, embedder, asked, Filters(), TOP)
            return score([h.passage.row for h in hits], ids, question)[METRIC]

        found = {
            "alone": [recall(q, ()) for q in turns],
            "history": [recall(q, q.history) for q in turns],
            "strange": [recall(q, h) for q, h in zip(turns, strange, strict=True)],
        }
        unnamed = _unnamed(turns, index)
    groups = {
        "all": [1.0] * len(turns),
        "unnamed": unnamed,
        "leaning": [float(leans_on_history(q.text, q.history)) for q in turns],
    }
    if labels:
        groups["labelled"] = [float(labels.get(q.id, False)) for q in turns]
    return found, groups


def _texts(turns: Sequence[Question], strange: Sequence[Sequence[Turn]]) -> list[str]:
    """All that will be encoded, so that it can be in batches."""
    texts = []
    for turn, other in zip(turns, strange, strict=True):
        for history in ((), turn.history, other):
            asked = understand(turn.text, history)
            texts += [asked.text, asked.full, *(e.text for e in asked.earlier)]
    return texts


def _others(turns: Sequence[Question]) -> list[tuple[Turn, ...]]:
    """For each turn the history of another, drawn with a fixed seed."""
    generator = random.Random(0)
    return [generator.choice([o.history for o in turns if o is not turn] or [()]) for turn in turns]


def _unnamed(turns: Sequence[Question], index: Index) -> list[float]:
    titles = {d.source.split("#", 1)[-1]: d.title or "" for d in index.documents()}
    flags = []
    for turn in turns:
        said = set(analyse(turn.text))
        named = any(said & set(analyse(titles.get(i, ""))) for i in turn.relevant or ())
        flags.append(float(not named))
    return flags


def report(name: str, found: Columns, groups: Columns) -> None:
    """A line a group, for its turns and for the rest of them."""
    values = {n: np.array(v) for n, v in found.items()}
    print(f"\n{name}, {METRIC}\n  {'':20}turns  alone  history  change [95 %]            strange")
    for group, flags in groups.items():
        chosen = np.array(flags) > 0
        for title, mask in ((group, chosen), (f"not {group}", ~chosen)):
            if not mask.any():
                continue
            alone, history, strange = (values[n][mask] for n in ("alone", "history", "strange"))
            low, high = interval(history - alone)
            gain = 100 * (history.mean() / alone.mean() - 1) if alone.mean() else float("nan")
            print(
                f"  {title:20}{mask.sum():5}  {alone.mean():.3f}  {history.mean():.3f}   "
                f"{gain:+5.1f} % [{low:+.3f}, {high:+.3f}]   {strange.mean():.3f}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("suites", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--labels", type=Path)
    given = parser.parse_args()
    labels = json.loads(given.labels.read_text("utf-8")) if given.labels else {}
    together: list[tuple[Columns, Columns]] = []
    for folder in given.suites:
        together.append(measure(folder, given.index, labels.get(folder.name, {})))
        report(folder.name, *together[-1])
    if len(together) > 1:
        pooled = [
            {name: [v for part in parts for v in part[name]] for name in parts[0]}
            for parts in zip(*together, strict=True)
        ]
        report("together", *pooled)


if __name__ == "__main__":
    main()
