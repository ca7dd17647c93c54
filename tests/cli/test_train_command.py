"""`rag train reader`: what it says of a call that cannot be meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.train.recipe import Recipe


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Nothing was named to train on."),
        (["--data", "none.json"], "none.json cannot be read: No such file or directory."),
        (["--data", "x.json", "--steps", "0"], "Invalid value for '--steps'"),
        (["--data", "x.json", "--minutes", "0"], "--minutes must be a number above zero"),
        (["--data", "x.json", "--minutes", "nan"], "--minutes must be a number above zero"),
        (["--data", "x.json", "--learning-rate", "-1"], "--learning-rate must be a number above"),
        (["--resume"], "There is no training run to resume in reader."),
    ],
)
def test_a_mistake_is_one_sentence(rag, arguments, words) -> None:
    Path("x.json").write_text("{}")
    done = rag("train", "reader", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"rag: {words}")
    assert not Path("reader").exists()


@pytest.mark.parametrize(
    ("again", "refused"),
    [
        ([], None),
        (["--data", "x.jsonl", "--steps", "7"], None),
        (["--steps", "9"], "steps"),
        (["--data", "y.jsonl"], "data"),
        (["--held-out", "Mills"], "held-out"),
    ],
)
def test_a_run_goes_on_as_it_was_begun(rag, monkeypatch, again, refused) -> None:
    begun = Recipe(("x.jsonl",), steps=7)
    Path("out").mkdir()
    begun.save(Path("out"))
    ran: list[Recipe] = []
    monkeypatch.setattr("rag.train.loop.train_reader", lambda recipe, *_, **__: ran.append(recipe))
    done = rag("train", "reader", "--out", "out", "--resume", "--json", *again)
    if refused is None:
        assert (done.code, ran) == (0, [begun])
        assert json.loads(done.out)["check"] is None
    else:
        assert (done.code, ran) == (2, [])
        assert done.err.startswith(f"rag: The run was begun with another --{refused}")
