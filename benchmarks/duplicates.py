"""Which copies are taken for copies: edits that change nothing, and changes that matter.

Each passage of a suite is copied with one edit of each kind; printed is the share of copies that
say nothing new by `rag.compare.duplicates`, and, where datasketch is installed, the share that
MinHash takes for near duplicates (128 permutations, words in threes, Jaccard of at least 0.7).

    python benchmarks/duplicates.py SUITE --texts 400
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

from rag.compare.duplicates import Copy
from rag.evaluate.suites import find_suite

JACCARD = 0.7
_NUMBER = re.compile(r"(?<![\w.,])\d+(?![\w.,]*\d)")
_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{3,}\b")
_VERB = re.compile(r"\b(?:is|was|were|are|has|have|had|can|will|did)\b")
_WORD = re.compile(r"(?<=[a-z] )[a-z]{5,}(?= [a-z])")

Edit = Callable[[str, random.Random], str | None]


def replaced(pattern: re.Pattern[str], new: Callable[[str], str]) -> Edit:
    """One place of a pattern, drawn by lot, written otherwise; None where there is none."""

    def edit(text: str, chance: random.Random) -> str | None:
        found = list(pattern.finditer(text))
        if not found:
            return None
        at = chance.choice(found)
        return text[: at.start()] + new(at.group()) + text[at.end() :]

    return edit


def cut(text: str, _: random.Random) -> str | None:
    """Without its last sentence."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)
    return " ".join(parts[:-1]) if len(parts) > 2 else None


HARMLESS: dict[str, Edit] = {
    "the very same": lambda text, _: text,
    "other white space and quotes": lambda t, _: t.replace(" ", "  ", 9).replace('"', "”"),
    "the line of an agency": lambda t, _: f"BERLIN, March 3 (Reuters) - {t}",
    "cut short by a sentence": cut,
    "an article less": replaced(re.compile(r"(?<=[a-z] )the "), lambda _: ""),
}
MATTERS: dict[str, Edit] = {
    "another number": replaced(_NUMBER, lambda n: str(int(n) + 1)),
    "another name": replaced(_NAME, lambda _: "Quillon"),
    "a denial": replaced(_VERB, lambda v: f"{v} not"),
    "another word": replaced(_WORD, lambda _: "otherwise"),
    "a sentence more": lambda t, _: f"{t} The bridge was closed again in May.",
}


def minhash(text: str) -> object:
    from datasketch import MinHash

    words, sketch = re.findall(r"\w+", text.casefold()), MinHash(num_perm=128)
    sketch.update_batch([" ".join(words[i : i + 3]).encode() for i in range(len(words) - 2)])
    return sketch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suite", type=Path)
    parser.add_argument("--texts", type=int, default=400)
    given = parser.parse_args()
    corpus = find_suite(given.suite).corpus
    if corpus is None:
        raise SystemExit(f"{given.suite} has no corpus.")
    texts = [json.loads(line)["text"] for line in corpus.read_text(encoding="utf-8").splitlines()]
    texts = texts[:: max(1, len(texts) // given.texts)][: given.texts]
    beside = importlib.util.find_spec("datasketch") is not None
    sketches = [minhash(text) for text in texts] if beside else []
    for title, edits in (("edits that change nothing", HARMLESS), ("changes that matter", MATTERS)):
        print(f"{title:34} copies   folded" + ("   by MinHash" if beside else ""))
        for name, edit in edits.items():
            chance, told, near, count = random.Random(0), 0, 0, 0
            for at, text in enumerate(texts):
                other = edit(text, chance)
                if other is None:
                    continue
                count += 1
                copy = Copy()
                copy.add(text)
                told += copy.tells(other)
                near += beside and sketches[at].jaccard(minhash(other)) >= JACCARD
            if not count:
                continue  # none of the texts has a place for it
            line = f"  {name:32} {count:6}   {told / count:6.3f}"
            print(line + (f"   {near / count:10.3f}" if beside else ""), flush=True)


if __name__ == "__main__":
    main()
