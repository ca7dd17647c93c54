"""What `rag verify` says of speakers, of a model's words, of short answers and of conflicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.store.saved import RULES, answer_of, cite, problems


@pytest.fixture
def note(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "note.txt"


VOICES = (
    "The dam at Tolm holds 4,200 litres, Dana Pruett said. Two crews left it in May.\n\n"
    "Ilse Brandt says that it was a waste of money. It rained.\n"
)
HELD, LEFT, WASTE = (
    "The dam at Tolm holds 4,200 litres, Dana Pruett said.",
    "Two crews left it in May.",
    "Ilse Brandt says that it was a waste of money.",
)


def said_by(path: Path, quote: str, speaker: str | None) -> dict[str, Any]:
    """An answer of one quote, said by somebody who is named somewhere in its document."""
    path.write_text(VOICES, encoding="utf-8")
    at = VOICES.index(speaker) if speaker else 0
    span = [at, at + len(speaker)] if speaker else None
    answer = answer_of(cite(path, quote, 1) | {"speaker": speaker, "speaker_span": span})
    answer["statements"][0] |= {"speaker": speaker, "speaker_span": span}
    return answer


@pytest.mark.parametrize(
    ("quote", "speaker", "words"),
    [
        (HELD, "Dana Pruett", []),
        (HELD, "Pruett", []),
        (WASTE, "Ilse Brandt", []),
        (LEFT, None, []),
        (HELD, "Ilse Brandt", ["say it; the citation names “Ilse Brandt”."]),
        (HELD, None, ["Dana Pruett” say it; the citation names nobody."]),
        (LEFT, "Dana Pruett", ["The document does not let “Dana Pruett” say it."]),
    ],
)  # fmt: skip
def test_the_speaker_is_the_one_whom_the_document_lets_say_it(note, quote, speaker, words) -> None:
    found = problems(said_by(note, quote, speaker), rules=RULES)
    assert len(found) == len(words)
    assert all(word in problem for word, problem in zip(words, found, strict=True))


def test_a_speaker_that_an_earlier_version_did_not_tell_is_not_missed(note) -> None:
    answer = said_by(note, HELD, None)
    del answer["citations"][0]["speaker"]
    assert problems(answer, rules=RULES) == []


WALL = "However, the crew, which was near, mended the old wall."


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("The crew mended the old wall.", True),
        (WALL, True),
        ("The crew mended the new wall.", False),
        ("The old wall mended the crew.", False),
        ("The crew never mended the old wall.", False),
        ("The crew was near.", False),
    ],
)
def test_what_a_model_wrote_is_held_against_its_quotes(note, text, stands) -> None:
    note.write_text(WALL, encoding="utf-8")
    answer = answer_of(cite(note, WALL, 1))
    answer["models"]["composer"] = "generative: some model"
    answer["statements"][0]["text"] = text
    answer["answer"] = f"{text} [1]"
    told = [] if stands else [f"Statement 1 says what it does not quote: “{text}”."]
    assert problems(answer, rules=RULES) == told


@pytest.mark.parametrize(
    ("quote", "short", "stands"),
    [
        ("Some 12,750 kits (3.5 tonnes) left Old Ashby’s depots.", "12,750", True),
        ("Some 12,750 kits (3.5 tonnes) left Old Ashby’s depots.", "3.5 tonnes", True),
        ("Some 12,750 kits (3.5 tonnes) left Old Ashby’s depots.", "Old Ashby", True),
        ("Some 12,750 kits (3.5 tonnes) left Old Ashby’s depots.", "750", False),
        ("Some 12,750 kits (3.5 tonnes) left Old Ashby’s depots.", "12", False),
        ("Some 12,750 kits (3.5 tonnes) left Old Ashby’s depots.", "5 tonnes", False),
        ("Some 12,750 kits (3.5 tonnes) left Old Ashby’s depots.", "left Old Ash", False),
        ("The mill, built in 1950, then burnt in 1961.", "1950", True),
        ("The mill, built in 1950, then burnt in 1961.", "1961", True),
        ("桥于2019年在北京市建成。", "北京", True),
        ("The mill burnt down.", "", False),
        ("The mill burnt down.", 7, False),
    ],
)
def test_a_short_answer_is_no_piece_of_a_word_or_number(note, quote, short, stands) -> None:
    note.write_text(quote, encoding="utf-8")
    answer = answer_of(cite(note, quote, 1)) | {"short_answer": short}
    assert problems(answer) == (
        [] if stands else [f"The short answer stands in no quote: “{short}”."]
    )


def disagreeing(note: Path, kind: str, *values: str, **changes: object) -> dict[str, Any]:
    note.write_text("Inspectors counted 1,340 wells.\n\nThe province had 90, Ann Roe said.\n")
    cited = [cite(note, q, n) for n, q in enumerate(
        ("Inspectors counted 1,340 wells.", "The province had 90, Ann Roe said."), start=1
    )]  # fmt: skip
    span = [note.read_text().index("Ann Roe"), note.read_text().index("Ann Roe") + 7]
    cited[1] |= {"speaker": "Ann Roe", "speaker_span": span}
    conflict = {"citations": [1, 2], "about": "wells", "values": list(values), "kind": kind}
    return answer_of(*cited) | {"question": "Few or many?", "conflicts": [conflict | changes]}


@pytest.mark.parametrize(
    ("kind", "values", "changes", "words"),
    [
        ("number", ("1,340", "90"), {}, []),
        ("yes or no", ("claimed", "denied"), {}, []),
        ("opposed", ("many", "Ann Roe"), {}, []),
        ("disputed", (), {"citations": [2]}, []),
        ("number", ("340", "90"), {}, ["Conflict 1 has [1] say “340”, and it does not."]),
        ("number", ("1,340", "95"), {}, ["Conflict 1 has [2] say “95”, and it does not."]),
        ("opposed", ("many", "Sam Poe"), {},
         ["Conflict 1 has [2] say “Sam Poe”, and it does not."]),
        ("number", ("1,340", "90"), {"citations": [1, 7]},
         ["Conflict 1 points at [7], and there is no such citation."]),
        ("number", ("1,340",), {}, ["Conflict 1 is not well formed."]),
        ("number", ("1,340", "90"), {"about": None}, ["Conflict 1 is not well formed."]),
        ("number", ("1,340", "90"), {"citations": ["1", 2]}, ["Conflict 1 is not well formed."]),
        ("disputed", ("1,340", "90"), {}, ["Conflict 1 is not well formed."]),
    ],
)  # fmt: skip
def test_what_a_conflict_says_stands_in_the_quotes(note, kind, values, changes, words) -> None:
    assert problems(disagreeing(note, kind, *values, **changes)) == words


@pytest.mark.parametrize("conflicts", ["x", [None], [[]], {"a": 1}, None, [{}]])
def test_conflicts_of_another_shape(note, conflicts) -> None:
    answer = disagreeing(note, "number") | {"conflicts": conflicts}
    assert problems(answer) == ["Conflict 1 is not well formed."]


def test_an_odd_speaker_costs_its_own_citation_alone(note) -> None:
    answer = disagreeing(note, "opposed", "many", "Few")
    answer["citations"][0]["speaker"] = ["Ann Roe"]
    assert problems(answer) == ["The citation has no proper speaker."]
