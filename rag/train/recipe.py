"""Everything a training run depends on, kept beside its weights."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from rag.errors import BadInput

__all__ = ["Recipe", "load_recipe"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of one run; with the data, they decide the weights.

    `minutes` bounds the run: the learning rate falls to nothing when either the steps or the
    minutes are used up. Leave it at None for a run that repeats exactly. What is checked and kept
    is a running mean of the weights in which each step's share decays by `averaged`.
    The word vectors and the lowest `frozen_layers` layers are left as they are, where it is above
    nought: they change least in a further run, and a step takes two thirds of the time.
    Without `near_misses` the unanswerable half is any other paragraph, for comparison.
    """

    data: tuple[str, ...]
    held_out: tuple[str, ...] = ()
    base: str | None = None
    steps: int = 4000
    minutes: float | None = None
    pairs_per_batch: int = 16
    learning_rate: float = 1.5e-4
    warmup_steps: int = 150
    weight_decay: float = 0.01
    answerable_weight: float = 0.5
    pair_weight: float = 0.5
    evidence_weight: float = 0.5
    averaged: float = 0.998
    frozen_layers: int = 0
    near_misses: bool = True
    seed: int = 1
    save_every_steps: int = 250
    check_questions: int = 400

    def save(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=2) + "\n"
        (folder / "recipe.json").write_text(text, encoding="utf-8")


def load_recipe(folder: Path) -> Recipe:
    """The recipe of a run begun in `folder`; `BadInput` where there is none."""
    try:
        values = json.loads((folder / "recipe.json").read_text(encoding="utf-8"))
        known = {f.name for f in fields(Recipe)}
        kept: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in known
        }
        return Recipe(**kept)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadInput(f"There is no training run to resume in {folder}.") from error
