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

    The weights go with the features of `rag.features` and of `rag.read`, in their order;
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
    relevance_weights=(8.063, 2.366, 1.149),
    support_weights=(
        1.598, 0.224, -0.753, 6.119, 0.306, 2.14, 1.15, 2.169, -1.308, 0.875, 0.068, 0.115, 0.399,
    ),
    support_bias=-5.177,
    company_weights=(3.151, -1.404, -0.501, -0.351, -0.862, -0.615, 2.783, 0.248, -0.102),
    company_bias=-3.113,
    confidence_weights=(
        4.017, -0.208, -0.256, 3.74, 0.757, -1.244, -0.571, 0.247, 0.744, 0.693, -0.362, 0.87,
        -0.54, 1.588, 0.8, 1.008, 1.021, -0.515,
    ),
    confidence_bias=-8.682,
    # Not the fit's own 0.365: at this, four of five near misses of the sample are refused.
    threshold=0.27,
    risks=(
        (0.05, 0.59), (0.1, 0.544), (0.15, 0.5), (0.2, 0.455), (0.25, 0.429), (0.3, 0.397),
        (0.35, 0.372), (0.4, 0.345), (0.45, 0.313), (0.5, 0.281), (0.55, 0.261), (0.6, 0.244),
        (0.65, 0.217), (0.7, 0.166), (0.75, 0.14), (0.8, 0.094), (0.85, 0.071),
    ),
)  # fmt: skip
