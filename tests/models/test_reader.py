"""The reader: both ways of running its network say the same."""

from __future__ import annotations

import re

import numpy as np
import pytest

from rag.errors import ModelUnavailable
from rag.models import reader as module
from rag.models.reader import CrossEncoder, bundled_reader_path, load_reader

QUESTION = "Who opened the lighthouse of Lindau?"
PASSAGES = [
    "The Harbour Board of Lindau opened the first lighthouse in 1853.",
    "It was painted red. " * 60,
    "",
    "The keeper earned 40 guilders — “a scandal”, wrote the mayor — and kept two goats.",
]


@pytest.fixture(scope="module")
def reader() -> CrossEncoder:
    folder = bundled_reader_path()
    assert folder is not None
    return load_reader(folder)


@pytest.mark.model
def test_without_padding_it_reads_as_with_it(reader) -> None:
    assert reader._packed is not None
    packed, plain = reader.read(QUESTION, PASSAGES), reader._read_plain(QUESTION, PASSAGES)
    for a, b in zip(packed, plain, strict=True):
        assert a.offsets == b.offsets
        assert a.answerable == pytest.approx(b.answerable, abs=0.2)
        assert a.null == pytest.approx(b.null, abs=0.5)
        assert np.allclose(a.starts, b.starts, atol=0.4)
    best = packed[0]
    first, last = int(best.starts.argmax()), int(best.ends.argmax())
    span = PASSAGES[0][best.offsets[first][0] : best.offsets[last][1]]
    assert "Harbour Board" in span


@pytest.mark.model
def test_a_pair_is_read_the_same_in_any_company(reader) -> None:
    alone = [reader.read(QUESTION, [p])[0] for p in PASSAGES]
    together = reader.read(QUESTION, PASSAGES)
    for a, b in zip(alone, together, strict=True):
        assert a.answerable == b.answerable
        assert np.array_equal(a.starts, b.starts)


@pytest.mark.model
def test_where_the_arithmetic_fails_the_plain_network_reads(reader, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(reader._packed, "hidden", fail)
    assert len(reader.read(QUESTION, PASSAGES)) == len(PASSAGES)


@pytest.mark.model
def test_a_packed_network_that_reads_otherwise_is_not_used(reader, monkeypatch) -> None:
    monkeypatch.setattr(module, "APART", -1.0)
    assert reader._checked(reader._packed) is None


def test_nothing_to_read_is_no_reading(reader) -> None:
    assert reader.read(QUESTION, []) == []


@pytest.mark.parametrize("way", ["read", "_read_plain"])
def test_a_long_question_leaves_a_passage_its_room(reader, way) -> None:
    told = "The ferry to the island was late again and nobody on the quay knew the reason. " * 40
    asked = (f"{told}{QUESTION}", f"{QUESTION} {told}", "w" * 9000)
    for question in asked:
        read = getattr(reader, way)(question, PASSAGES[:1])[0]
        assert PASSAGES[0][read.offsets[0][0] : read.offsets[-1][1]] == PASSAGES[0]
    assert reader._shortened(asked[0]).endswith(QUESTION)
    assert reader._shortened(asked[1]).startswith(QUESTION)
    assert reader._shortened(QUESTION) == QUESTION


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("model.safetensors", b"", "cannot be loaded"),
        ("model.safetensors", b"version https://git-lfs.github.com/spec/v1\n", "cannot be loaded"),
        ("config.json", b"{", "cannot be loaded"),
        ("config.json", b"{}", "cannot be loaded"),
        ("tokenizer.json", b"{}", "cannot be loaded"),
        ("tokenizer.json", None, "no trained reader"),
    ],
)
def test_a_damaged_reader_is_said_in_a_sentence(tmp_path, capfd, name, content, words) -> None:
    folder = bundled_reader_path()
    assert folder is not None
    for path in folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelUnavailable, match=words) as raised:
        load_reader(str(tmp_path))
    assert "tokenizer.json" in str(raised.value)
    assert capfd.readouterr() == ("", "")


def test_a_tilde_is_the_home_folder_of_a_reader_too(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "reader").mkdir()
    with pytest.raises(ModelUnavailable, match=re.escape(str(tmp_path / "reader"))):
        load_reader("~/reader")
