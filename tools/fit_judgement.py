"""Fits the numbers of `rag/judging/judgement.py` and prints how well they do outside the fit.

Each `--set INDEX QUESTIONS` names an index and a question file (or a suite folder) over it. Every
answerable question is used twice: as it is, and with its gold documents taken out of the hits,
when there is nothing to answer from. Questions of a held document (`"split": "held"`, else every
second gold document) are kept out of the fit and only reported. Sets weigh alike, whatever their
size, except that the first one alone says how often there is an answer.

    python tools/fit_judgement.py --reader FOLDER --set index eval/questions.jsonl --cache F.pkl
"""

from __future__ import annotations

import argparse
import json
import pickle
import zlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from rag.asking.question import Question
from rag.assistant import Assistant
from rag.compose.extractive import others_needed
from rag.compose.scope import standing_at
from rag.compose.timeline import period_of
from rag.judging.features import background_features, named_features
from rag.judging.judgement import Judgement
from rag.judging.spans import comparable, read_text, relevance_features
from rag.models.reader import PassageReading, SpanModel, load_reader
from rag.read import READ_HITS, Candidate, SimilarityReader, TrainedReader, beside_best
from rag.text import words
from rag.types import Document, Filters, Hit, Turn

PLACE = 5
#: Most questions that people ask of a folder have an answer there.
WITHOUT = 0.35
UNANSWERED = 0.25
#: Shares of questions that end well are not told apart below this.
ALIKE = 0.005
PLAIN = Judgement((0.0,) * 6, 0.0, (0.0,) * 13, 0.0, 0.5)
NEUTRAL = Judgement((0.0,) * 15, 0.0, (0.0,) * 21, 0.0, 0.5, (1.0, 0.0, 0.0))


class Remembering:
    """A model that reads no pair twice: a question is used with and without its gold."""

    def __init__(self, model: SpanModel) -> None:
        self.name = model.name
        self._model = model
        self._found: dict[tuple[str, str], PassageReading] = {}

    def read(self, question: str, passages: list[str]) -> list[PassageReading]:
        new = [p for p in dict.fromkeys(passages) if (question, p) not in self._found]
        for passage, reading in zip(new, self._model.read(question, new), strict=True):
            self._found[question, passage] = reading
        return [self._found[question, p] for p in passages]


@dataclass
class Case:
    """One question over one set of hits, as arrays, so that a new fit needs no model.

    `features` (n, f), `named` (n, 3), `labels` and `hit` (n,) are per sentence; `relevance` (h, 3)
    and `relevant` (h,) per hit. The rest is what `beside_best` needs.
    """

    group: str
    held: bool
    answerable: bool
    features: np.ndarray
    named: np.ndarray
    labels: np.ndarray
    hit: np.ndarray
    relevance: np.ndarray
    relevant: np.ndarray
    question: Question
    candidates: list[Candidate]
    documents: dict[str, Document]
    made: bool = False


def gold_sources(record: dict) -> list[str]:
    if "evidence" in record:
        return [Path(e["source"]).name for e in record["evidence"]]
    answerable = record.get("answerable", True)
    return [f"#{r}" for r in record.get("relevant", [])] if answerable else []


def from_gold(hit: Hit, sources: list[str]) -> bool:
    return any(
        hit.passage.source.endswith(s) if s.startswith("#") else s in hit.passage.source
        for s in sources
    )


def is_gold(hit: Hit, text: str, record: dict, sources: list[str]) -> bool:
    """Whether a sentence holds a gold answer inside a gold source."""
    if not from_gold(hit, sources):
        return False
    flat = folded(text)
    quotes = [folded(e.get("quote") or e.get("text") or "") for e in record.get("evidence", [])]
    quotes += [folded(s) for listed in record.get("evidence_sentences", []) for s in listed]
    answers = [folded(a) for a in record.get("answers", record.get("short_answers", []))]
    in_quote = any(q.strip() and (q in flat or (len(flat) > 20 and flat in q)) for q in quotes)
    return in_quote or (not any(q.strip() for q in quotes) and any(a in flat for a in answers))


def folded(text: str) -> str:
    """Words alone, each between spaces, so that one text is found in another by whole words."""
    return f" {' '.join(words(text))} "


def cases(
    assistant: Assistant, path: Path, limit: int | None, reader: object, only: list[str]
) -> list[Case]:
    found = []
    lines = (path / "queries.jsonl" if path.is_dir() else path).read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    if only and "article" in records[0]:
        records = [r for r in records if r["article"] in only]
    if limit and limit < len(records):
        picked = np.random.default_rng(0).permutation(len(records))[:limit]
        records = [records[i] for i in sorted(picked)]
    for record in records:
        history = [Turn(t["role"], t["content"]) for t in record.get("history", [])]
        question = assistant.finder.understand(record["text"], history)
        until = record.get("until") or record.get("as_of")
        filters = Filters(record.get("since"), until, record.get("source"))
        period = period_of(question.text, standing_at(filters, date.today()))
        hits = assistant.finder.hits(question, filters, READ_HITS + 8, period)
        sources = gold_sources(record)
        without = [h for h in hits if not from_gold(h, sources)]
        held = record.get("split", _split_of(record, sources)) == "held"
        variants = [(hits, bool(sources))] + ([(without, False)] if sources else [])
        for chosen, answerable in variants:
            case = _case(assistant, reader, question, chosen[:READ_HITS], record, sources)
            if case is not None:
                case.group, case.held, case.answerable = str(path), held, answerable
                case.made = bool(sources) and not answerable
                found.append(case)
    return found


def _case(assistant, reader, question, hits, record, sources) -> Case | None:
    documents = assistant.finder.documents(hits)
    ranked, candidates = reader.candidates(question, hits, documents)
    if not candidates:
        return None
    rows = {h.passage.row: i for i, h in enumerate(ranked)}
    relevance = [[h.score, 0.0, 0.0] for h in ranked]
    if isinstance(reader, TrainedReader):
        readings = reader._model.read(question.full, [read_text(h) for h in ranked])
        relevance = [relevance_features(h, r) for h, r in zip(ranked, readings, strict=True)]
    named = {
        row: named_features(question, ranked[i], documents[ranked[i].passage.source])
        for row, i in rows.items()
    }
    return Case(
        "", False, False,
        np.array([c.features for c in candidates], dtype=np.float32),
        np.array([named[c.hit.passage.row] for c in candidates]),
        np.array([is_gold(c.hit, c.text, record, sources) for c in candidates]),
        np.array([rows[c.hit.passage.row] for c in candidates]),
        np.array(relevance),
        np.array([from_gold(h, sources) for h in ranked]),
        question, candidates, documents,
    )  # fmt: skip


def _split_of(record: dict, sources: list[str]) -> str:
    name = record.get("article") or (sources or record.get("relevant") or [record["text"]])[0]
    return "held" if zlib.crc32(name.encode()) % 2 else "fit"


def weight_of(found: list[Case]) -> np.ndarray:
    """Sets weigh alike; a question without its gold documents weighs `WITHOUT` of one with."""
    names = [c.group for c in found]
    each = [WITHOUT if c.made else 1.0 for c in found]
    return np.array([1000.0 * e / names.count(n) for n, e in zip(names, each, strict=True)])


def fit_relevance(found: list[Case]) -> tuple[float, ...]:
    """Conditional logit: the gold passage against the others that were retrieved."""
    used = [c for c in found if c.answerable and c.relevant.any() and not c.relevant.all()]
    weights = weight_of(used)

    def loss(w: np.ndarray) -> float:
        total = 0.0
        for case, weight in zip(used, weights, strict=True):
            z = case.relevance @ w
            z = np.exp(z - z.max())
            total -= weight * np.log(z[case.relevant].sum() / z.sum())
        return total / weights.sum() + 1e-3 * float(w @ w)

    return tuple(round(float(v), 3) for v in minimize(loss, np.array([5.0, 1.0, 1.0])).x)


def ranked_again(found: list[Case], weights: tuple[float, ...]) -> None:
    """Puts the place that each hit now has into the features of its sentences."""
    for case in found:
        scores = case.relevance @ np.array(weights)
        places = np.argsort(np.argsort(-scores, kind="stable"))
        case.features[:, PLACE] = 1.0 / (1 + places[case.hit])


def fit_support(found: list[Case]) -> tuple[tuple[float, ...], float]:
    used = [c for c in found if c.answerable and c.labels.any()]
    weights = weight_of(used)
    x = np.concatenate([c.features for c in used])
    y = np.concatenate([c.labels for c in used])
    each = np.concatenate(
        [
            np.where(c.labels, 0.5 / c.labels.sum(), 0.5 / max((~c.labels).sum(), 1)) * w
            for c, w in zip(used, weights, strict=True)
        ]
    )
    return _logistic(x, y, each)


def fit_company(found: list[Case], judgement: Judgement) -> tuple[tuple[float, ...], float]:
    """How likely a sentence belongs to the answer of a question that has one."""
    used = [c for c in found if c.answerable and c.labels.any()]
    weights = weight_of(used)
    x = np.concatenate([company_rows(c, judgement) for c in used])
    y = np.concatenate([c.labels for c in used])
    each = np.concatenate([np.full(len(c.labels), w) for c, w in zip(used, weights, strict=True)])
    return _logistic(x, y, each)


def company_rows(case: Case, judgement: Judgement) -> np.ndarray:
    judged = [
        replace(c, support=judgement.support(tuple(f)))
        for c, f in zip(case.candidates, case.features.tolist(), strict=True)
    ]
    return np.array(beside_best(case.question, judged, case.documents))


def _logistic(x: np.ndarray, y: np.ndarray, each: np.ndarray) -> tuple[tuple[float, ...], float]:
    model = LogisticRegression(max_iter=3000).fit(x, y, sample_weight=each)
    return tuple(round(float(w), 3) for w in model.coef_[0]), round(float(model.intercept_[0]), 3)


def rows(found: list[Case], judgement: Judgement) -> tuple[np.ndarray, np.ndarray]:
    """Features of the best sentence of each case, and whether what would be shown answers."""
    x, y = [], []
    for case in found:
        support = np.array([judgement.support(f) for f in case.features.tolist()])
        best = int(np.argmax(support))
        others = support[case.hit != case.hit[best]]
        lead = support[best] - (others.max() if len(others) else 0.0)
        own = comparable(tuple(case.features[best].tolist()))
        behind = background_features(c.hit for c in case.candidates)
        x.append([*own, support[best], lead, *case.named[best], *behind])
        y.append(bool(case.labels[shown_of(case, judgement, best)].any()))
    return np.array(x), np.array(y)


def calibrate(model: LogisticRegression, x: np.ndarray, y: np.ndarray, found: list[Case]) -> None:
    """Makes the odds those of questions as people ask them (Platt 1999), ranking left alone.

    Those are the first set's. The fit needs the others, made to mislead, and the questions whose
    gold was taken out; a probability must not count them.
    """
    asked = np.array([not c.made and c.group == found[0].group for c in found])
    odds = model.decision_function(x[asked])[:, None]
    platt = LogisticRegression(C=1e6).fit(odds, y[asked], sample_weight=weight_of(found)[asked])
    model.intercept_ = model.intercept_ * platt.coef_[0, 0] + platt.intercept_
    model.coef_ = model.coef_ * platt.coef_[0, 0]


def shown_of(case: Case, judgement: Judgement, best: int) -> list[int]:
    """The sentences that the extractive composer would show."""
    company = np.array([judgement.company(tuple(f)) for f in company_rows(case, judgement)])
    others = [int(i) for i in np.argsort(-company, kind="stable") if i != best]
    return [best, *others[: others_needed(company[best], company[others].tolist())]]


def best_threshold(found: list[Case], p: np.ndarray, y: np.ndarray) -> float:
    """Where most questions as people ask them end well: right answers shown, the rest refused.

    `UNANSWERED` of them have no answer; sets weigh alike. The middle of the thresholds that end
    within `ALIKE` of the best, since a few questions decide between those.
    """
    asked = np.array([not c.made for c in found])
    there = np.array([c.answerable for c in found])
    groups = [asked & np.array([c.group == g for c in found]) for g in {c.group for c in found}]

    def well(t: float) -> float:
        right, refused = (p >= t) & y, p < t
        shares = [(right[g & there].mean(), refused[g & ~there].mean()) for g in groups]
        return float(np.mean([[1 - UNANSWERED, UNANSWERED] @ np.array(s) for s in shares]))

    tried = np.linspace(0.02, 0.9, 177)
    ends = np.array([well(t) for t in tried])
    return round(float(np.median(tried[ends >= ends.max() - ALIKE])), 3)


def risks(p: np.ndarray, y: np.ndarray, each: np.ndarray) -> tuple[tuple[float, float], ...]:
    """(threshold, share of the answers shown at it that are wrong), ascending."""
    found = []
    for t in np.linspace(0.05, 0.95, 19):
        shown = p >= t
        if shown.sum() >= 20:
            wrong = float(np.average(~y[shown], weights=each[shown]))
            found.append((round(float(t), 2), round(wrong, 3)))
    return tuple(found)


def calibration_error(p: np.ndarray, y: np.ndarray) -> float:
    bins = np.minimum((p * 10).astype(int), 9)
    return float(
        sum((bins == b).mean() * abs(p[bins == b].mean() - y[bins == b].mean())
            for b in range(10) if (bins == b).any())
    )  # fmt: skip


def report(name: str, found: list[Case], p: np.ndarray, y: np.ndarray, threshold: float) -> None:
    there = np.array([c.answerable for c in found])
    kept = p >= threshold
    order = [c for c in found if c.answerable and c.relevant.any()]
    top = np.mean([c.relevant[c.hit[np.argmax(c.features[:, PLACE])]] for c in order] or [0])
    asked = np.array([not c.made for c in found])
    ninety = np.quantile(p[y], 0.1) if y.any() else 0.0
    print(
        f"{name}: n {len(y)}, gold passage first {top:.3f}, answer right "
        f"{y[there].mean():.3f}, AUROC right {roc_auc_score(y, p):.3f}, answerable "
        f"{roc_auc_score(there, p) if not there.all() else 1:.3f}, ece "
        f"{calibration_error(p[asked], y[asked]):.3f} as asked; at {threshold:.2f}: right shown "
        f"{(kept & y)[there].mean():.3f}, refused {(~kept)[~there].mean():.3f}; "
        f"with 90 % of the right ones kept refused {(p < ninety)[~there].mean():.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", nargs=2, action="append", metavar=("INDEX", "QUESTIONS"))
    parser.add_argument("--limit", type=int, help="questions of each set, drawn at random")
    parser.add_argument(
        "--only", action="append", metavar="ARTICLE", default=[],
        help="of a set that names articles, those that the reader was not trained on",
    )  # fmt: skip
    parser.add_argument("--reader", help="folder of a trained reader; similarity without")
    parser.add_argument("--cache", type=Path, help="keeps the features, so that a refit is quick")
    given = parser.parse_args()
    if given.cache and given.cache.is_file():
        found = pickle.loads(given.cache.read_bytes())
    else:
        found = []
        reader = SimilarityReader(PLAIN)
        if given.reader:
            reader = TrainedReader(Remembering(load_reader(given.reader)), NEUTRAL)
        for index, questions in given.set:
            with Assistant.open(index) as assistant:
                found += cases(assistant, Path(questions), given.limit, reader, given.only)
        if given.cache:
            given.cache.write_bytes(pickle.dumps(found))
    fit = [c for c in found if not c.held]
    relevance = fit_relevance(fit) if given.reader else ()
    if relevance:
        ranked_again(found, relevance)
    weights, bias = fit_support(fit)
    judgement = Judgement(weights, bias, (), 0.0, 0.5)
    company, company_bias = fit_company(fit, judgement)
    judgement = replace(judgement, company_weights=company, company_bias=company_bias)
    x, y = rows(fit, judgement)
    model = LogisticRegression(max_iter=3000).fit(x, y, sample_weight=weight_of(fit))
    calibrate(model, x, y, fit)
    p = model.predict_proba(x)[:, 1]
    threshold = best_threshold(fit, p, y)
    confidence = tuple(round(float(w), 3) for w in model.coef_[0])
    print("relevance_weights =", relevance)
    print("support_weights =", weights, "support_bias =", bias)
    print("company_weights =", company, "company_bias =", company_bias)
    print("confidence_weights =", confidence)
    print("confidence_bias =", round(float(model.intercept_[0]), 3), "threshold =", threshold)
    print("risks =", risks(p, y, weight_of(fit)))
    report("fit", fit, p, y, threshold)
    for group in dict.fromkeys(c.group for c in found):
        held = [c for c in found if c.held and c.group == group]
        if held:
            hx, hy = rows(held, judgement)
            report(f"held, {group}", held, model.predict_proba(hx)[:, 1], hy, threshold)


if __name__ == "__main__":
    main()
