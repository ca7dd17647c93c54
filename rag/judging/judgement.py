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
        1.162, 0.259, 1.599, 4.025, 0.343, 2.175, 0.813, 1.792, -1.042, 0.718, 0.395, 0.277,
        -0.491, 2.155, 0.026,
    ),
    support_bias=-3.297,
    company_weights=(2.552, -1.684, -0.817, -0.901, -0.55, -0.406, 2.514, 0.166, 0.082),
    company_bias=-2.753,
    confidence_weights=(
        2.309, -0.443, 1.235, 4.491, 0.107, -0.648, -0.41, 0.673, 1.243, 0.318, -0.267, -0.955,
        1.624, -1.732, 2.897, 0.107, 0.625, 1.499, 0.161, -2.199, -0.84,
    ),
    confidence_bias=-7.665,
    threshold=0.33,
    risks=(
        (0.05, 0.613), (0.1, 0.583), (0.15, 0.551), (0.2, 0.535), (0.25, 0.518), (0.3, 0.496),
        (0.35, 0.472), (0.4, 0.447), (0.45, 0.414), (0.5, 0.406), (0.55, 0.363), (0.6, 0.329),
        (0.65, 0.313), (0.7, 0.305), (0.75, 0.289), (0.8, 0.218), (0.85, 0.197), (0.9, 0.087),
    ),
)  # fmt: skip
