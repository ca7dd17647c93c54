"""What is said before a run begins, and of a folder that somebody else has filled."""

from __future__ import annotations

import json

import pytest

from rag.errors import BadInput
from rag.train.prepare import prepare_folder, training_data
from rag.train.recipe import Recipe

CONTEXT = "The mill was built in 1841. It burned down in 1903."


@pytest.fixture
def data(tmp_path):
    answers = {"text": ["1841"], "answer_start": [22]}
    record = {"title": "Mills", "question": "When was it built?", "context": CONTEXT}
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps({**record, "answers": answers}), encoding="utf-8")
    return path


@pytest.mark.parametrize("there", ["best", "last"])
def test_what_stands_where_the_weights_would_go_is_kept(tmp_path, data, there) -> None:
    out = tmp_path / "out"
    (out / there).mkdir(parents=True)
    note = out / there / "note.txt"
    note.write_text("mine")
    with pytest.raises(BadInput, match="out holds a"):
        prepare_folder(Recipe((str(data),)), out, resume=False)
    assert note.read_text() == "mine"
    assert not (out / "recipe.json").exists()
    prepare_folder(Recipe((str(data),)), out, resume=True)


def test_a_file_is_no_folder_for_a_run(tmp_path, data) -> None:
    with pytest.raises(BadInput, match="is a file"):
        prepare_folder(Recipe((str(data),)), data, resume=False)


def test_there_has_to_be_a_model_to_start_from(tmp_path, data) -> None:
    recipe = Recipe((str(data),), base=str(tmp_path))
    with pytest.raises(BadInput, match="no model to start from"):
        prepare_folder(recipe, tmp_path / "out", resume=False)
    assert not (tmp_path / "out").exists()


def test_that_all_is_held_out_is_said(data) -> None:
    with pytest.raises(BadInput, match="All that have one are held out"):
        training_data(Recipe((str(data),), held_out=("Mills",)))
