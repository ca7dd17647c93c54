"""The fitted numbers by which evidence is judged, in one place.

`tools/fit_judgement.py` fits them and prints how well they do on questions kept out of the fit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["SIMILARITY", "TRAINED", "Judgement", "log_odds", "raised"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Logistic models of a sentence's support and of there being an answer; weights for passages.

    The weights go with the features of `rag.judging.features` and of `rag.read`, in their order;
    `threshold` is the confidence under which the answer is "the documents do not say".
    """

    support_weights: tuple[float, ...]
    support_bias: float
    confidence_weights: tuple[float, ...]
    confidence_bias: float
    threshold: float
    relevance_weights: tuple[float, ...] = ()
    company_weights: tuple[float, ...] = ()
    company_bias: float = 0.0
    risks: tuple[tuple[float, float], ...] = ()

    def threshold_at(self, risk: float | None) -> float:
        """The lowest threshold at which no more than `risk` of the answers shown are wrong.

        By the questions of the fit, half of which had no answer in what was read; the highest
        threshold there is where even that is not safe enough; `threshold` without a risk.
        """
        if risk is None or not self.risks:
            return self.threshold
        safe = [threshold for threshold, wrong in self.risks if wrong <= risk]
        return min(safe, default=self.risks[-1][0])

    def relevance(self, features: Sequence[float]) -> float:
        """A score to rank passages by; higher is better."""
        return sum(w * f for w, f in zip(self.relevance_weights, features, strict=True))

    def support(self, features: Sequence[float]) -> float:
        """Probability in [0, 1] that a sentence answers."""
        return _logistic(self.support_weights, self.support_bias, features)

    def company(self, features: Sequence[float]) -> float:
        """Probability in [0, 1] that a sentence belongs to the answer, if there is one."""
        if not self.company_weights:
            return 0.0
        return _logistic(self.company_weights, self.company_bias, features)

    def confidence(self, features: Sequence[float]) -> float:
        """Probability in [0, 1] that the best evidence answers the question."""
        return _logistic(self.confidence_weights, self.confidence_bias, features)


def _logistic(weights: Sequence[float], bias: float, features: Sequence[float]) -> float:
    z = bias + sum(w * f for w, f in zip(weights, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


def log_odds(probability: float) -> float:
    """The logarithm of the odds, finite for 0 and 1 too."""
    safe = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(safe / (1 - safe))


def raised(probability: float, by: float) -> float:
    """A probability whose log odds are raised by an amount."""
    return 1 / (1 + math.exp(-(log_odds(probability) + by)))


#: For `SimilarityReader`: by the embedder and shared words alone.
SIMILARITY = Judgement(
    support_weights=(2.429, 2.934, -0.695, 6.745, 0.608, 1.609),
    support_bias=-7.41,
    company_weights=(3.018, -1.581, 0.613, 0.176, -1.073, -0.642, 2.64, 0.22, 0.149),
    company_bias=-3.448,
    confidence_weights=(
        3.39, 1.754, 0.699, 3.783, 0.513, -0.459, 2.632, 1.191, 0.232, 2.074, 0.493,
    ),
    confidence_bias=-13.249,
    threshold=0.13,
    risks=(
        (0.05, 0.693), (0.1, 0.642), (0.15, 0.598), (0.2, 0.567), (0.25, 0.543), (0.3, 0.502),
        (0.35, 0.435), (0.4, 0.384), (0.45, 0.41), (0.5, 0.42), (0.55, 0.37), (0.6, 0.312),
    ),
)  # fmt: skip

#: For `TrainedReader`: with the cross-encoder's opinion.
TRAINED = Judgement(
    relevance_weights=(7.721, 2.701, 1.004),
    support_weights=(
        1.162, 0.259, 1.599, 4.025, 0.343, 2.175, 0.813, 1.792, -1.042, 0.718, 0.395, 0.277,
        -0.491, 2.155, 0.026,
    ),
    support_bias=-3.297,
    company_weights=(2.552, -1.684, -0.817, -0.901, -0.55, -0.406, 2.514, 0.166, 0.082),
    company_bias=-2.753,
    confidence_weights=(
        2.435, -0.532, 1.791, 3.638, 0.131, -0.498, -0.028, -1.147, 2.463, 0.502, 0.295,
        -0.325, -0.772, 0.718, -0.998, 2.532, 0.543, 0.481, 1.359, 0.439,
    ),
    confidence_bias=-9.194,
    # The fit's questions end equally well from 0.25 to 0.4; those asked as people ask best at 0.25.
    threshold=0.3,
    risks=(
        (0.05, 0.616), (0.1, 0.595), (0.15, 0.561), (0.2, 0.549), (0.25, 0.528), (0.3, 0.504),
        (0.35, 0.471), (0.4, 0.435), (0.45, 0.413), (0.5, 0.392), (0.55, 0.37), (0.6, 0.332),
        (0.65, 0.303), (0.7, 0.282), (0.75, 0.246), (0.8, 0.196), (0.85, 0.18), (0.9, 0.089),
    ),
)  # fmt: skip
