"""Fits the numbers of `rag/judgement.py` and prints how well they do outside the fit.

Each `--set INDEX QUESTIONS` names an index and a question file over it. Every answerable question
is used twice: as it is, and with its gold document taken out of the hits, when there is nothing
to answer from. Questions with `"split": "held"` are kept out of the fit and only reported; in a
file without splits every second gold document is held.

    python tools/fit_judgement.py --set index eval/questions.jsonl
"""

from __future__ import annotations

import argparse
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.assistant import Assistant
from rag.judgement import Judgement
from rag.models.reader import load_reader
from rag.question import understand
from rag.read import SimilarityReader, TrainedReader, reading_features
from rag.retrieve import retrieve
from rag.text import normalise
from rag.types import Filters, Hit, Turn


@dataclass
class Case:
    """One question over one set of hits, with the features of every candidate sentence."""

    held: bool
    answerable: bool
    question: object
    documents: dict
    candidates: list
    labels: list[bool]


def is_gold(hit: Hit, text: str, record: dict) -> bool:
    """Whether a sentence holds a gold answer inside a gold source."""
    if not any(Path(e["source"]).name in hit.passage.source for e in record["evidence"]):
        return False
    flat = normalise(text)
    quotes = [normalise(e.get("quote") or e.get("text") or "") for e in record["evidence"]]
    answers = [normalise(a) for a in record.get("answers", []) if a.strip()]
    in_quote = any(q and (q in flat or flat in q) for q in quotes)
    return in_quote or (not any(quotes) and any(a in flat for a in answers))


def cases(
    assistant: Assistant, path: Path, limit: int | None, reader_name: str | None
) -> list[Case]:
    embedder = assistant._load_embedder()
    reader = SimilarityReader(embedder)
    if reader_name:
        reader = TrainedReader(embedder, load_reader(reader_name))
    found = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for line in lines[:limit]:
        record = json.loads(line)
        history = [Turn(t["role"], t["content"]) for t in record.get("history", [])]
        question = understand(record["text"], history)
        until = record.get("until") or record.get("as_of")
        filters = Filters(record.get("since"), until, record.get("source"))
        hits = retrieve(assistant.index, embedder, question, filters, 12)
        sources = [Path(e["source"]).name for e in record.get("evidence", [])]
        without = [h for h in hits if not any(s in h.passage.source for s in sources)]
        held = record.get("split", _split_of(sources)) == "held"
        variants = [(hits, bool(sources))] + ([(without, False)] if sources else [])
        for chosen, answerable in variants:
            documents = assistant._documents(chosen)
            candidates = reader._candidates(question, chosen[:6], documents)
            labels = [is_gold(c.hit, c.text, record) if sources else False for c in candidates]
            found.append(Case(held, answerable, question, documents, candidates, labels))
    return found


def _split_of(sources: list[str]) -> str:
    return "held" if sources and zlib.crc32(sources[0].encode()) % 2 else "fit"


def fit_support(found: list[Case]) -> tuple[tuple[float, ...], float]:
    used = [c for c in found if c.answerable and any(c.labels)]
    x = np.array([k.features for c in used for k in c.candidates])
    y = np.array([label for c in used for label in c.labels])
    model = LogisticRegression(max_iter=1000, class_weight="balanced").fit(x, y)
    return tuple(float(round(w, 3)) for w in model.coef_[0]), round(float(model.intercept_[0]), 3)


def rows(found: list[Case], judgement: Judgement) -> tuple[np.ndarray, np.ndarray]:
    """Features of the best candidate of each case, and whether it is the answer."""
    x, y = [], []
    for case in found:
        if not case.candidates:
            continue
        scored = [
            type(c)(c.hit, c.span, c.text, c.features, judgement.support(c.features))
            for c in case.candidates
        ]
        best = max(range(len(scored)), key=lambda i: scored[i].support)
        x.append(reading_features(case.question, scored[best], scored, case.documents))
        y.append(case.labels[best])
    return np.array(x), np.array(y)


def report(name: str, p: np.ndarray, y: np.ndarray, threshold: float) -> None:
    kept = p >= threshold
    right = y[kept].mean() if kept.any() else 0.0
    refused = (~kept)[~y].mean() if (~y).any() else 0.0
    print(
        f"{name}: n {len(y)}, best sentence right {y.mean():.3f}, AUROC {roc_auc_score(y, p):.3f}, "
        f"answered {kept.mean():.3f} of which right {right:.3f}, "
        f"right ones kept {kept[y].mean():.3f}, wrong ones refused {refused:.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", nargs=2, action="append", metavar=("INDEX", "QUESTIONS"))
    parser.add_argument("--limit", type=int)
    parser.add_argument("--reader", help="folder of a trained reader; similarity without")
    arguments = parser.parse_args()
    found: list[list[Case]] = []
    for index, questions in arguments.set:
        with Assistant.open(index) as assistant:
            found.append(cases(assistant, Path(questions), arguments.limit, arguments.reader))
    fit = [c for group in found for c in group if not c.held]
    weights, bias = fit_support(fit)
    judgement = Judgement(weights, bias, (), 0.0, 0.5)
    x, y = rows(fit, judgement)
    model = LogisticRegression(max_iter=1000, C=1.0).fit(x, y)
    p = model.predict_proba(x)[:, 1]
    grid = np.linspace(0.05, 0.95, 181)
    gains = [((p >= t) & y).mean() + ((p < t) & ~y).mean() for t in grid]
    threshold = float(grid[int(np.argmax(gains))])
    print("support   ", weights, bias)
    print(
        "confidence",
        tuple(float(round(w, 3)) for w in model.coef_[0]),
        round(float(model.intercept_[0]), 3),
    )
    print("threshold ", round(threshold, 3))
    report("fit", p, y, threshold)
    for (_, questions), group in zip(arguments.set, found, strict=True):
        held = [c for c in group if c.held]
        if held:
            hx, hy = rows(held, judgement)
            report(f"held, {Path(questions).name}", model.predict_proba(hx)[:, 1], hy, threshold)


if __name__ == "__main__":
    main()
