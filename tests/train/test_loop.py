"""Training itself, on a network small enough to learn in seconds."""

from __future__ import annotations

import json

import pytest

from rag.errors import BadInput
from rag.train.examples import Example
from rag.train.recipe import Recipe, load_recipe

pytestmark = pytest.mark.model

PLACES = ("Ulm", "Graz", "Linz", "Chur", "Bern", "Trier", "Mainz", "Worms")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The bundled tokenizer before a one-layer network with random weights."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertModel

    from rag.models.bundled import bundled_embedder_path

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("base")
    AutoTokenizer.from_pretrained(bundled_embedder_path()).save_pretrained(folder)
    config = BertConfig(
        vocab_size=30522, hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.jsonl"
    records = []
    for i, place in enumerate(PLACES):
        context = f"In spring the fair was held in {place} and it rained for {i + 3} days."
        start = context.index(place)
        records.append(
            {"title": f"d{i % 4}", "context": context, "question": "Where was the fair held?",
             "answers": {"text": [place], "answer_start": [start]}}
        )  # fmt: skip
        records.append(
            {"title": f"d{i % 4}", "context": context, "question": "Who won the race?",
             "answers": {"text": [], "answer_start": []}}
        )  # fmt: skip
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def recipe(base, data, **changes) -> Recipe:
    settings = {
        "data": (str(data),), "held_out": ("d3",), "base": str(base), "steps": 400,
        "pairs_per_batch": 4, "learning_rate": 5e-3, "warmup_steps": 5, "save_every_steps": 30,
    }  # fmt: skip
    return Recipe(**{**settings, **changes})


def weights(folder) -> dict:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def test_it_learns_and_what_it_leaves_is_a_reader(tmp_path, base, data) -> None:
    from rag.models.reader import load_reader
    from rag.train.loop import train_reader

    lines: list[str] = []
    result = train_reader(recipe(base, data), tmp_path / "out", report=lines.append)
    assert result is not None
    assert result.questions == 4
    assert result.answerable_f1 > 0.9
    reader = load_reader(tmp_path / "out" / "best")
    place = "In spring the fair was held in Basel and it rained for 9 days."
    questions = ("Where was the fair held?", "Who won the race?")
    known, unknown = (reader.read(q, [place])[0].answerable for q in questions)
    assert known > unknown
    log = [json.loads(line) for line in (tmp_path / "out" / "log.jsonl").open()]
    assert log[-1]["step"] == 400
    assert any("loss" in record for record in log)
    assert load_recipe(tmp_path / "out") == recipe(base, data)


def test_a_run_that_was_cut_goes_on_as_if_it_had_not_been(tmp_path, base, data) -> None:
    import torch

    from rag.train.loop import train_reader

    settings = recipe(base, data, steps=12, save_every_steps=4)
    train_reader(settings, tmp_path / "whole", report=lambda _: None)

    def cut(line: str) -> None:
        if line.startswith("step 8,"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_reader(settings, tmp_path / "cut", report=cut)
    train_reader(settings, tmp_path / "cut", resume=True, report=lambda _: None)
    whole, resumed = weights(tmp_path / "whole" / "last"), weights(tmp_path / "cut" / "last")
    for name, value in whole.items():
        assert torch.allclose(value, resumed[name], atol=1e-5), name


def test_frozen_layers_stay_as_they_are_and_the_rest_learns(tmp_path, base, data) -> None:
    import torch

    from rag.train.loop import train_reader

    settings = recipe(base, data, steps=6, frozen_layers=1)
    train_reader(settings, tmp_path / "out", report=lambda _: None)
    before, after = weights(base), weights(tmp_path / "out" / "last")
    bare = {name.removeprefix("bert."): value for name, value in after.items()}
    frozen = [n for n in before if n.startswith(("embeddings.", "encoder.layer.0."))]
    assert frozen and all(torch.equal(before[n], bare[n]) for n in frozen)
    assert load_recipe(tmp_path / "out").frozen_layers == 1
    again = recipe(base, data, steps=6)
    train_reader(again, tmp_path / "free", report=lambda _: None)
    free = weights(tmp_path / "free" / "last")
    assert not all(torch.equal(after[n], free[n]) for n in after if n.startswith("bert.encoder"))


def test_another_run_is_not_written_over(tmp_path, base, data) -> None:
    from rag.train.loop import train_reader

    (tmp_path / "out" / "last").mkdir(parents=True)
    with pytest.raises(BadInput, match="training run"):
        train_reader(recipe(base, data), tmp_path / "out", report=lambda _: None)


def test_there_is_nothing_to_resume_in_an_empty_folder(tmp_path) -> None:
    with pytest.raises(BadInput, match="no training run"):
        load_recipe(tmp_path)


def test_questions_without_any_answer_train_nothing(tmp_path, base, data) -> None:
    from rag.train.loop import train_reader

    path = tmp_path / "none.jsonl"
    lines = [line for line in data.read_text().splitlines() if '"text": []' in line]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadInput, match="no question with an answer"):
        train_reader(recipe(base, path, held_out=()), tmp_path / "out", report=lambda _: None)


def test_questions_that_give_no_near_miss_end_the_run(tmp_path, base) -> None:
    from rag.train.loop import train_reader

    path = tmp_path / "one.jsonl"
    answers = {"text": ["Basel"], "answer_start": [0]}
    record = {"context": "Basel held a fair.", "question": "Name its town", "answers": answers}
    path.write_text(json.dumps(record), encoding="utf-8")
    lines: list[str] = []
    with pytest.raises(BadInput, match="gives no near misses"):
        train_reader(recipe(base, path, held_out=()), tmp_path / "out", report=lines.append)
    assert len(lines) < 5


def test_evidence_is_learnt_from_the_mean_of_a_sentence_and_from_its_rank_in_the_pair() -> None:
    import torch

    from rag.train.batches import Batch
    from rag.train.loop import evidence_loss

    # One pair of four tokens each: of the first text two sentences, the second of which answers.
    owner = torch.tensor([[0, 1, 2, 2], [0, 1, 1, 0]])
    gold = torch.tensor([[0.0, 1.0], [0.0, -1.0]])
    none = torch.zeros(0)
    batch = Batch(none, none, none, none, none, owner, gold)
    right = torch.tensor([[9.0, -4.0, 2.0, 6.0], [9.0, -4.0, -4.0, 9.0]])
    wrong = torch.tensor([[9.0, 4.0, -6.0, -2.0], [9.0, 4.0, 4.0, 9.0]])
    softplus = torch.nn.functional.softplus
    low = softplus(torch.tensor(-4.0))
    each, rank = low, torch.logsumexp(torch.tensor([4.0, -4.0, -4.0]), 0) - 4.0
    assert evidence_loss(batch, right) == pytest.approx(float(2 * each + rank), abs=1e-5)
    assert evidence_loss(batch, wrong) > 8 * evidence_loss(batch, right)


def test_a_pair_in_whose_window_no_sentence_answers_has_no_rank() -> None:
    import torch

    from rag.train.batches import Batch
    from rag.train.loop import evidence_loss

    none = torch.zeros(0)
    owner, gold = torch.tensor([[1], [1]]), torch.tensor([[0.0], [0.0]])
    found = evidence_loss(Batch(none, none, none, none, none, owner, gold), torch.zeros(2, 1))
    assert found == pytest.approx(2 * 0.6931, abs=1e-3)


def test_the_check_scores_spans_and_refusals() -> None:
    import numpy as np

    from rag.models.reader import PassageReading
    from rag.train.check import check

    class Knows:
        name = "knows"

        def read(self, question, passages):
            offsets = ((0, 3), (4, 8), (9, 13))
            spans = np.array([0.0, 5.0, 0.0], dtype=np.float32)
            sure = 1.0 if question == "known" else -1.0
            return [PassageReading(sure, 0.0, spans, spans, spans, offsets) for _ in passages]

    examples = [
        Example("known", "The mill burn", "d", 4, 8, ("mill",)),
        Example("unknown", "The mill burn", "d"),
        Example("known", "The mill burn", "d"),
    ]
    found = check(Knows(), examples)
    assert found.answerable_f1 == found.answerable_em == 1.0
    assert found.squad2_f1 == pytest.approx(2 / 3)
    assert found.auroc == pytest.approx(0.75)
