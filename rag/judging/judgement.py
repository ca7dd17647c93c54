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
    support_weights=(2.174, 3.49, -1.159, 6.061, 0.6, 1.85),
    support_bias=-6.625,
    company_weights=(3.105, -1.894, -0.219, -0.469, -1.089, -0.994, 2.894, 0.193, 0.478),
    company_bias=-3.106,
    confidence_weights=(
        3.535, -0.08, 0.789, 2.307, 0.433, -2.278, 2.94, 1.529, 1.869, 2.296, -0.52, -1.351,
        -0.052,
    ),
    confidence_bias=-9.144,
    threshold=0.26,
    risks=(
        (0.05, 0.669), (0.1, 0.635), (0.15, 0.609), (0.2, 0.58), (0.25, 0.548), (0.3, 0.531),
        (0.35, 0.51), (0.4, 0.487), (0.45, 0.435), (0.5, 0.398), (0.55, 0.359), (0.6, 0.362),
        (0.65, 0.327), (0.7, 0.274), (0.75, 0.243), (0.8, 0.16),
    ),
)  # fmt: skip

#: For `TrainedReader`: with the cross-encoder's opinion.
TRAINED = Judgement(
    relevance_weights=(7.721, 2.701, 1.004),
    support_weights=(
        1.191, 0.226, 1.59, 4.139, 0.275, 2.13, 0.823, 1.77, -1.057, 0.751, 0.598, 0.202,
        -0.548, 2.221, 0.012,
    ),
    support_bias=-3.33,
    company_weights=(2.445, -1.741, -0.864, -0.895, -0.523, -0.322, 2.452, 0.212, 0.019),
    company_bias=-2.679,
    confidence_weights=(
        2.242, -0.402, 1.2, 4.268, 0.164, -0.933, -0.312, 0.63, 1.084, 0.167, -0.299, -0.967,
        1.578, -1.586, 2.766, 0.175, 0.842, 1.462, 0.188, -2.047, -0.827,
    ),
    confidence_bias=-7.24,
    threshold=0.34,
    risks=(
        (0.05, 0.616), (0.1, 0.588), (0.15, 0.557), (0.2, 0.536), (0.25, 0.523), (0.3, 0.498),
        (0.35, 0.474), (0.4, 0.454), (0.45, 0.425), (0.5, 0.398), (0.55, 0.365), (0.6, 0.336),
        (0.65, 0.329), (0.7, 0.295), (0.75, 0.267), (0.8, 0.209), (0.85, 0.173), (0.9, 0.099),
    ),
)  # fmt: skip
