"""Writes docs/transcripts.md: what the program prints for some questions on the sample corpus.

    rag index corpus && python tools/make_transcripts.py [--index DIR]

Every line of a transcript is the program's own; run it again after a change of the reader.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "docs" / "transcripts.md"
WIDTH = "100"

INTRODUCTION = """\
# Transcripts

What the program prints for questions on the sample corpus (`rag index corpus`), made by
`tools/make_transcripts.py`; nothing is left out or mended. How it works: [time](time.md),
[voice and disagreement](voice.md). How often it is right: [results](results.md).
"""


@dataclass(frozen=True)
class Shown:
    """A command, what is typed at its prompt, and what there is to see in its output."""

    title: str
    told: str
    command: str
    typed: str = ""


SHOWN = (
    Shown(
        "A fact, and where it stands",
        "The answer is the source's own sentence; under it file, date, paragraph and line.",
        'rag ask "How many peacekeepers were sent?"',
    ),
    Shown(
        "Who says it",
        "A claim is shown as the claim of whoever makes it.",
        'rag ask "Who compares the truce to a dressing sold as medicine?"',
    ),
    Shown(
        "One voice only",
        "`--speaker` shows nothing but what somebody of that name says.",
        'rag ask "What do soldiers do who know that they are watched?" --speaker Lindqvane',
    ),
    Shown(
        "What was known then",
        "Under `--as-of` later documents do not count.",
        'rag ask "How many Karabakh soldiers have been killed?" --as-of 2020-09-28',
    ),
    Shown(
        "Sources that disagree",
        "Both sides are shown, and a line names what they disagree on.",
        'rag ask "Was an Armenian plane brought down by a Turkish fighter?"',
    ),
    Shown(
        "Two who differ",
        "The second speaker disagrees with the first.",
        'rag ask "What is Brandmoor\'s answer to the defence of secret talks?"',
    ),
    Shown(
        "A timeline",
        "The dated evidence in order.",
        'rag timeline "What happened on the road through Lachin?"',
    ),
    Shown(
        "Follow-up questions",
        "`rag chat`: what a question leaves out is taken from the turns before it.",
        "rag chat",
        "Who was the ombudsman's figure of displaced people in October 2020?\n"
        "Who said that?\nWhen was that written?\n",
    ),
    Shown(
        "Nothing there",
        "Where the documents do not say, the answer says so and shows the nearest passages.",
        'rag ask "What is the population of Gyumri?"',
    ),
    Shown(
        "Wrong: the neighbour of the answer",
        "The dead of another year: a near miss that looks as sure as an answer.",
        'rag ask "How many Armenians died in the four-day fighting?"',
    ),
    Shown(
        "Wrong: the right person, another fact",
        "The documents do not say; that the quote does not either is seen at once.",
        'rag ask "Where was Levon Ter-Petrosyan born?"',
    ),
)


def printed(shown: Shown, index: Path) -> str:
    """Standard output of a command, as it is piped."""
    program = Path(sys.executable).with_name("rag")
    argv = [str(program), *shlex.split(shown.command)[1:], "--index", str(index)]
    quiet = {"NO_COLOR": "1", "COLUMNS": WIDTH}
    done = subprocess.run(
        argv, input=shown.typed, capture_output=True, text=True, check=False,
        env={**os.environ, **quiet},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{shown.command} failed: {done.stderr.strip()[-500:]}")
    return done.stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, default=Path("index"))
    given = parser.parse_args()
    parts = [INTRODUCTION]
    for shown in SHOWN:
        typed = "".join(f"> {line}\n" for line in shown.typed.splitlines())
        output = printed(shown, given.index)
        console = f"```console\n$ {shown.command}\n{typed}{output}\n```\n"
        parts.append(f"## {shown.title}\n\n{shown.told}\n\n{console}")
    TARGET.write_text("\n".join(parts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
