"""Answer metrics of one question, each as its source defines it; all values lie in [0, 1]."""

from __future__ import annotations

import functools
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rag.evaluate.calibration import auroc
from rag.words.sentences import sentences

__all__ = [
    "auroc",
    "exact_match",
    "holds_answer",
    "holds_words",
    "looked_up",
    "normalise_answer",
    "rouge_l",
    "sentence_f1",
    "token_f1",
    "unbracketed",
    "unmarked",
]

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = dict.fromkeys(map(ord, string.punctuation))
_MARKERS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_BRACKET = re.compile(r"\[\s+\d+\s+|\[|\]")

#: Fewer words than this are too few to say that one text is part of another.
FEWEST_WORDS = 3
#: What stands between two words without a space: a dash, dots, a comma of another script.
_PARTING = re.compile("-{2,}|\\.{2,}|[—―…‥·•、。，；：！？]")


class _Marks(dict[int, str | None]):
    """What `str.translate` makes of a code point: hyphens plain, other punctuation nothing."""

    def __missing__(self, code: int) -> str | None:
        kind = unicodedata.category(chr(code))
        drop = code > 127 and (kind == "Cf" or kind.startswith("P"))
        self[code] = "-" if drop and kind == "Pd" else None if drop else chr(code)
        return self[code]


_MARKS = _Marks()


def normalise_answer(text: str) -> str:
    """Lower case, no ASCII punctuation, no English articles, single spaces.

    As the SQuAD evaluation script does it (Rajpurkar et al. 2016).
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str, golds: Sequence[str]) -> float:
    """1 when the normalised answer equals a gold one (Rajpurkar et al. 2016)."""
    given = normalise_answer(answer)
    return float(any(given == normalise_answer(g) for g in golds))


def token_f1(answer: str, golds: Sequence[str]) -> float:
    """Harmonic mean of token precision and recall, best gold (Rajpurkar et al. 2016).

    Where either side has no token, 1 when both have none (Rajpurkar et al. 2018).
    """
    return max((_f1(normalise_answer(answer), normalise_answer(g)) for g in golds), default=0.0)


def _f1(given: str, gold: str) -> float:
    left, right = given.split(), gold.split()
    if not left or not right:
        return float(left == right)
    common = sum((Counter(left) & Counter(right)).values())
    return _harmonic(common / len(left), common / len(right))


def _harmonic(precision: float, recall: float) -> float:
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


def holds_words(text: str, part: str) -> bool:
    """Whether one normalised text stands in another as whole words; an empty one in none."""
    return bool(part) and f" {part} " in f" {text} "


def looked_up(text: str) -> str:
    """A text normalised for looking one up in another: typography does not tell them apart.

    As in MLQA (Lewis et al. 2020) no punctuation of any script counts; and a dash or dots between
    two words part them, which SQuAD's normalisation would make one word.
    """
    parted = _PARTING.sub(" ", unicodedata.normalize("NFC", text))
    return normalise_answer(parted.translate(_MARKS))


def holds_answer(text: str, golds: Sequence[str]) -> bool:
    """Whether a gold answer stands in a text as whole words, typography aside."""
    whole = looked_up(text)
    return any(holds_words(whole, looked_up(gold)) for gold in golds)


def sentence_f1(cited: Sequence[str], gold: Sequence[str]) -> float:
    """F1 of the sentences of the cited quotes against gold sentences.

    Two sentences are the same when they are equal or one (of three words or more) stands in the
    other: annotators and programs split a text differently.
    """
    left = [looked_up(s) for quote in cited for s in _sentences(quote)]
    right = [looked_up(s) for s in gold]
    left, right = [s for s in left if s], [s for s in right if s]
    if not left or not right:
        return float(not left and not right)
    precision = sum(any(_same(a, b) for b in right) for a in left) / len(left)
    recall = sum(any(_same(a, b) for a in left) for b in right) / len(right)
    return _harmonic(precision, recall)


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text, 0, len(text))] or [text]


def _same(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    long_enough = len(shorter.split()) >= FEWEST_WORDS
    return one == other or (long_enough and holds_words(longer, shorter))


def rouge_l(answer: str, references: Sequence[str]) -> float:
    """ROUGE-L F-measure with Porter stemming, best reference (Lin 2004; package `rouge_score`).

    It knows the letters a to z and digits only, so it suits English.
    """
    scorer = _rouge_scorer()
    return max((float(scorer.score(r, answer)["rougeL"].fmeasure) for r in references), default=0.0)


@functools.cache
def _rouge_scorer() -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(["rougeL"], use_stemmer=True)


def unmarked(text: str) -> str:
    """An answer without its `[1]` markers."""
    return _MARKERS.sub("", text)


def unbracketed(text: str) -> str:
    """A reference in QuoteSum's form `said [ 2 the quoted words ]` as plain words.

    Other brackets stay (Schuster et al. 2024).
    """
    kept: list[str] = []
    is_quote: list[bool] = []
    at = 0
    for match in _BRACKET.finditer(text):
        kept.append(text[at : match.start()])
        at = match.end()
        if match[0] == "]":
            dropped = bool(is_quote) and is_quote.pop()
        else:
            dropped = match[0] != "["
            is_quote.append(dropped)
        kept.append("" if dropped else match[0])
    if at == 0:
        return text
    return " ".join("".join((*kept, text[at:])).split())
