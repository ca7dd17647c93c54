"""Pairs to tensors: tokenised, sorted by length so that a batch is padded little."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.train.pairs import Sample

__all__ = ["Batch", "batches"]

MAX_TOKENS = 256
#: Pairs that are sorted by length together; many batches, so that the order stays random.
SORTED_TOGETHER = 40


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids`, `types`, `mask` int64 (2n, tokens): n answerable samples, then their n near misses.

    `starts` and `ends` int64 (2n,) are token places, 0 (the first token) where there is no span.
    `sentences` int64 (2n, tokens) counts the sentence of each token from 1, 0 where it is in none;
    `gold` float32 (2n, most sentences) is 1 for those that answer, 0 for others, -1 for none there.
    """

    ids: Any
    types: Any
    mask: Any
    starts: Any
    ends: Any
    sentences: Any
    gold: Any


@dataclass(frozen=True, slots=True)
class _Encoded:
    ids: list[int]
    types: list[int]
    start: int
    end: int
    sentences: list[int]
    gold: list[bool]


def batches(
    pairs: Sequence[tuple[Sample, Sample]], tokenizer: Any, size: int, rng: random.Random
) -> Iterator[Batch]:
    """Batches of `size` pairs; pairs whose answer the tokens do not hold are left out."""
    step = size * SORTED_TOGETHER
    for first in range(0, len(pairs), step):
        encoded = []
        for yes, no in pairs[first : first + step]:
            a, b = _encode(yes, tokenizer), _encode(no, tokenizer)
            if a is not None and b is not None:
                encoded.append((a, b))
        encoded.sort(key=lambda pair: max(len(pair[0].ids), len(pair[1].ids)))
        groups = [encoded[i : i + size] for i in range(0, len(encoded), size)]
        rng.shuffle(groups)
        for group in groups:
            yield _collate([a for a, _ in group] + [b for _, b in group])


def _encode(sample: Sample, tokenizer: Any) -> _Encoded | None:
    tokens = tokenizer(
        sample.question,
        sample.context,
        truncation="only_second",
        max_length=MAX_TOKENS,
        return_offsets_mapping=True,
        return_token_type_ids=True,
    )
    start = end = 0
    if sample.start is not None and sample.end is not None:
        places = [
            i
            for i, (part, (a, b)) in enumerate(
                zip(tokens.sequence_ids(), tokens["offset_mapping"], strict=True)
            )
            if part == 1 and a < sample.end and b > sample.start
        ]
        if not places:
            return None
        start, end = places[0], places[-1]
    within, gold = _sentences_of_tokens(sample, tokens)
    return _Encoded(tokens["input_ids"], tokens["token_type_ids"], start, end, within, gold)


def _sentences_of_tokens(sample: Sample, tokens: Any) -> tuple[list[int], list[bool]]:
    """The sentence of each token, counted from 1, and which of them answer."""
    owner = [0] * len(sample.context)
    for number, (start, end, _) in enumerate(sample.sentences, start=1):
        owner[start:end] = [number] * (end - start)
    parts, offsets = tokens.sequence_ids(), tokens["offset_mapping"]
    within = [
        owner[a] if part == 1 and b > a else 0 for part, (a, b) in zip(parts, offsets, strict=True)
    ]
    kept = {n: i for i, n in enumerate(sorted(set(within) - {0}), start=1)}
    gold = [sample.sentences[n - 1][2] for n in kept]
    return [kept.get(n, 0) for n in within], gold


def _collate(encoded: Sequence[_Encoded]) -> Batch:
    import torch

    width = max(len(e.ids) for e in encoded)
    ids = torch.zeros(len(encoded), width, dtype=torch.long)
    types, mask = ids.clone(), ids.clone()
    for row, e in enumerate(encoded):
        ids[row, : len(e.ids)] = torch.tensor(e.ids)
        types[row, : len(e.ids)] = torch.tensor(e.types)
        mask[row, : len(e.ids)] = 1
    sentences = torch.zeros_like(ids)
    gold = torch.full((len(encoded), max(1, *(len(e.gold) for e in encoded))), -1.0)
    for row, e in enumerate(encoded):
        sentences[row, : len(e.ids)] = torch.tensor(e.sentences)
        gold[row, : len(e.gold)] = torch.tensor(e.gold, dtype=torch.float)
    starts = torch.tensor([e.start for e in encoded])
    ends = torch.tensor([e.end for e in encoded])
    return Batch(ids, types, mask, starts, ends, sentences, gold)
