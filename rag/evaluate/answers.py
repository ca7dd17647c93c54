"""Answer metrics, each as its source defines it; all values lie in [0, 1]."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

__all__ = [
    "auroc",
    "exact_match",
    "expected_calibration_error",
    "holds_answer",
    "normalise_answer",
    "overlap_f1",
    "rouge_l",
    "token_f1",
]

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = {ord(c): None for c in string.punctuation} | {ord(c): None for c in "“”‘’–—…"}


def normalise_answer(text: str) -> str:
    """Lower case, no punctuation, no articles, single spaces.

    After Rajpurkar et al. 2016 (SQuAD); typographic quotes and dashes count as punctuation too.
    """
    lowered = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", lowered).split())


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
    if common == 0:
        return 0.0
    precision, recall = common / len(left), common / len(right)
    return 2 * precision * recall / (precision + recall)


def holds_answer(text: str, golds: Sequence[str]) -> bool:
    """Whether a gold answer stands in a text as whole words, both normalised."""
    padded = f" {normalise_answer(text)} "
    wanted = [normalise_answer(g) for g in golds]
    return any(g and f" {g} " in padded for g in wanted)


def overlap_f1(cited: Sequence[str], gold: Sequence[str]) -> float:
    """F1 of cited against gold sentences; two are the same when either holds the other."""
    left = [normalise_answer(s) for s in cited if normalise_answer(s)]
    right = [normalise_answer(s) for s in gold if normalise_answer(s)]
    if not left or not right:
        return float(not left and not right)
    hit_left = sum(any(a in b or b in a for b in right) for a in left)
    hit_right = sum(any(a in b or b in a for a in left) for b in right)
    precision, recall = hit_left / len(left), hit_right / len(right)
    return 0.0 if precision + recall == 0 else 2 * precision * recall / (precision + recall)


def rouge_l(answer: str, references: Sequence[str]) -> float:
    """ROUGE-L F-measure with stemming, best reference (Lin 2004; the `rouge_score` package)."""
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeL"], use_stemmer=True)
    return max((float(scorer.score(r, answer)["rougeL"].fmeasure) for r in references), default=0.0)


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Chance that a positive scores above a negative, ties half (Mann and Whitney 1947).

    None where one of the two kinds is absent.
    """
    pairs = sorted(zip(scores, positive, strict=True))
    positives = sum(positive)
    negatives = len(pairs) - positives
    if positives == 0 or negatives == 0:
        return None
    rank_sum, first = 0.0, 0
    while first < len(pairs):
        last = first
        while last + 1 < len(pairs) and pairs[last + 1][0] == pairs[first][0]:
            last += 1
        mean_rank = (first + last) / 2 + 1
        rank_sum += mean_rank * sum(p for _, p in pairs[first : last + 1])
        first = last + 1
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def expected_calibration_error(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 10
) -> float:
    """Mean gap between confidence and accuracy over equal-width bins (Naeini et al. 2015)."""
    total, error = len(confidences), 0.0
    for b in range(bins):
        inside = [
            (c, r)
            for c, r in zip(confidences, right, strict=True)
            if min(int(c * bins), bins - 1) == b
        ]
        if inside:
            gap = sum(c for c, _ in inside) - sum(r for _, r in inside)
            error += abs(gap) / total
    return error
