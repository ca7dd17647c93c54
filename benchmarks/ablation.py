"""What each part of the judgement is worth: reranking, near misses, calibration.

    python benchmarks/ablation.py parts CACHE
    python benchmarks/ablation.py negatives OUT --data FILE … --held-out TITLE … --steps 400

`parts` takes the features that `tools/fit_judgement.py --cache CACHE` kept and reports, on the
questions kept out of the fit, each part left out in turn; the weights left are those that ship.
`negatives` trains two readers from the same start, on near misses and on paragraphs at random.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import fit_judgement as fit

from rag.judging.judgement import SIMILARITY, TRAINED
from rag.judging.spans import comparable
from rag.train.loop import train_reader
from rag.train.recipe import Recipe


def interval(values: np.ndarray) -> str:
    """The mean and its 95 % bootstrap interval."""
    rng = np.random.default_rng(0)
    drawn = values[rng.integers(0, len(values), (2000, len(values)))].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{values.mean():.3f} ({low:.3f} to {high:.3f})"


def first_is_gold(cases: list[fit.Case], weights: tuple[float, ...]) -> np.ndarray:
    """Whether the passage put first by these weights is a gold one, per answerable question."""
    used = [c for c in cases if c.answerable and c.relevant.any()]
    return np.array(
        [c.relevant[int(np.argmax(c.relevance @ np.array(weights)))] for c in used], dtype=float
    )


def ranking(cases: list[fit.Case]) -> None:
    fused, logit, span = TRAINED.relevance_weights
    for name, weights in (
        ("retrieval and reader (shipped)", (fused, logit, span)),
        ("without the answerability logit", (fused, 0.0, span)),
        ("without the span", (fused, logit, 0.0)),
        ("reader alone", (0.0, logit, span)),
        ("no reranking", (1.0, 0.0, 0.0)),
    ):
        print(f"  gold passage first, {name}: {interval(first_is_gold(cases, weights))}")


#: Columns of the sentence features that each part of the reader gives; see
#: `rag.judging.spans.opinions`.
PARTS = {"the span": (6, 7), "the passage's logit": (8, 9), "the sentence's own logit": (13, 14)}


def best_sentences(found: list[fit.Case], cases: list[fit.Case]) -> None:
    """Whether the best sentence is right where parts are left out and the rest is fitted anew."""
    everything = (*(c for columns in PARTS.values() for c in columns), 10, 11, 12)
    used = [c for c in cases if c.answerable]
    choices = {"all parts": (), **{f"without {n}": c for n, c in PARTS.items()}}
    for name, columns in {**choices, "words and embedder alone": everything}.items():
        kept = np.ones(used[0].features.shape[1])
        kept[list(columns)] = 0.0
        fitted = [replace(c, features=c.features * kept) for c in found if not c.held]
        weights = np.array(fit.fit_support(fitted)[0]) * kept
        right = [bool(c.labels[int(np.argmax(c.features @ weights))]) for c in used]
        print(f"  best sentence right, {name}: {interval(np.array(right, dtype=float))}")


def confidence(cases: list[fit.Case]) -> None:
    """How well three scores tell a right answer from a wrong one, and mean what they say."""
    x, right = fit.rows(cases, TRAINED)
    # Its support stands behind the features that `comparable` leaves.
    shown = x[:, len(comparable(TRAINED.support_weights))]
    calibrated = np.array([TRAINED.confidence(row) for row in x.tolist()])
    words = x[:, : len(SIMILARITY.support_weights)]
    similar = np.array([SIMILARITY.support(row) for row in words.tolist()])
    for name, p in (
        ("confidence (shipped)", calibrated),
        ("support of the best sentence, as it is", shown),
        ("by words and embedder alone", similar),
    ):
        error = fit.calibration_error(p, right)
        print(f"  right or wrong, {name}: AUROC {roc_auc_score(right, p):.3f}, ECE {error:.3f}")


def parts(cache: Path) -> None:
    sys.modules["__main__"].Case = fit.Case  # type: ignore[attr-defined]
    found = pickle.loads(cache.read_bytes())
    fit.ranked_again(found, TRAINED.relevance_weights)
    for group in dict.fromkeys(c.group for c in found):
        cases = [c for c in found if c.group == group and c.held]
        if cases:
            print(f"{group}: {len(cases)} held cases")
            ranking(cases)
            best_sentences(found, cases)
            confidence(cases)


def negatives(given: argparse.Namespace) -> None:
    for near in (True, False):
        recipe = Recipe(
            data=tuple(given.data),
            held_out=tuple(given.held_out),
            base=given.base,
            steps=given.steps,
            save_every_steps=given.steps,
            near_misses=near,
        )
        folder = Path(given.out) / ("near" if near else "random")
        result = train_reader(recipe, folder, report=lambda line: print(line, file=sys.stderr))
        print(f"{'near misses' if near else 'random paragraphs'}: {result}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("parts")
    one.add_argument("cache", type=Path)
    two = commands.add_parser("negatives")
    two.add_argument("out")
    two.add_argument("--data", action="append", required=True)
    two.add_argument("--held-out", action="append", default=[])
    two.add_argument("--base", help="where both start from; the bundled encoder without")
    two.add_argument("--steps", type=int, default=400)
    given = parser.parse_args()
    if given.command == "parts":
        parts(given.cache)
    else:
        negatives(given)


if __name__ == "__main__":
    main()
