"""How the dense leg searches, chosen by size and written beside it; loads no numpy."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["EXACT_UP_TO", "DensePlan", "choose", "read_plan", "write_plan"]

#: So many vectors are compared one by one; beyond that the most promising lists are.
EXACT_UP_TO = 50_000

_FILE = "plan.json"


@dataclass(frozen=True, slots=True)
class DensePlan:
    """`flat`: every vector. `ivf`: of `lists` groups the `probes` nearest to the query.

    `recall` is the share of the true first ten among the ten found, measured against exact search
    when the lists were made, by `asked` queries. `passages` is how many the base had then.
    """

    kind: str
    passages: int
    lists: int = 0
    probes: int = 0
    codes: str = "float32"
    recall: float = 1.0
    asked: int = 0


def choose(setting: str, passages: int) -> DensePlan:
    """The plan for so many passages, before anything is measured; `setting` as in the config."""
    if setting == "flat" or passages == 0 or (setting == "auto" and passages <= EXACT_UP_TO):
        return DensePlan("flat", passages)
    lists = max(1, min(round(1.5 * math.sqrt(passages)), passages // 40))
    return DensePlan("ivf", passages, lists, lists, "8 bits a dimension", 0.0)


def write_plan(folder: Path, plan: DensePlan) -> None:
    """Writes the plan beside the arrays it belongs to."""
    text = json.dumps(asdict(plan), sort_keys=True)
    (folder / _FILE).write_text(text, encoding="utf-8")


def read_plan(folder: Path) -> DensePlan:
    """The plan of a dense leg; `ValueError` or `OSError` where there is no proper one."""
    try:
        plan = DensePlan(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
        whole = all(type(n) is int for n in (plan.passages, plan.lists, plan.probes, plan.asked))
        proper = whole and isinstance(plan.recall, (int, float)) and isinstance(plan.codes, str)
        proper = proper and plan.passages >= 0
    except TypeError:
        proper = False
    if not proper or not (plan.kind == "flat" or (plan.kind == "ivf" and _divides(plan))):
        raise ValueError(f"{_FILE} is not as it was written")
    return plan


def _divides(plan: DensePlan) -> bool:
    return 1 <= plan.probes <= plan.lists <= plan.passages
