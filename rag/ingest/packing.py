"""Fills passages with the sentences of a document, near a target length and within a limit.

Lengths are *costs*: the embedder's tokens, or a sixteenth of the characters where that is
more, so that text the tokenizer hardly sees (one endless word) is still cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.types import Span

__all__ = ["CHARS_PER_TOKEN", "Block", "Limits", "Unit", "cost_of", "packed", "with_headings"]

CHARS_PER_TOKEN = 16
_SHORT_SHARE = 4


@dataclass(frozen=True, slots=True)
class Unit:
    """What is never cut again: a sentence, or a part of one that was over the limit.

    `tokens` is what the embedder counts in it. `whole` is False for a part; `torn` is True for
    a part that begins inside a word: joined to the part before it, their tokens would not add up.
    """

    start: int
    end: int
    tokens: int
    whole: bool = True
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """The units of a paragraph together with the headings over it, on one page."""

    units: tuple[Unit, ...]
    page: int | None
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    target: int
    most: int
    overlap: int


def cost_of(units: Sequence[Unit], more: Sequence[Unit] = ()) -> int:
    """The cost of a passage of these units: its tokens, or its characters over sixteen."""
    both = (units, more)
    tokens = sum(unit.tokens for part in both for unit in part)
    ends = [unit for part in both if part for unit in (part[0], part[-1])]
    chars = ends[-1].end - ends[0].start if ends else 0
    return max(tokens, -(-chars // CHARS_PER_TOKEN))


def with_headings(blocks: Iterable[Block]) -> Iterator[Block]:
    """Puts headings in front of the block they stand over, page by page."""
    waiting: tuple[Unit, ...] = ()
    page: int | None = None
    for block in blocks:
        if waiting and block.page != page:
            yield Block(waiting, page)
            waiting = ()
        page = block.page
        waiting += block.units
        if not block.heading:
            yield Block(waiting, page)
            waiting = ()
    if waiting:
        yield Block(waiting, page)


def packed(blocks: Iterable[Block], limits: Limits) -> list[Span]:
    """Fills passages with whole blocks while they fit, and splits those that never do."""
    passages: list[Span] = []
    for _, on_page in groupby(blocks, key=lambda block: block.page):
        runs: list[list[Unit]] = [[]]
        for block in on_page:
            if runs[-1] and not _joins(runs[-1], block, limits):
                runs.append([])
            torn = any(unit.torn for unit in block.units)
            if not torn and cost_of(runs[-1], block.units) <= limits.most:
                runs[-1] += block.units
            else:
                runs[-1:] = _split([*runs[-1], *block.units], limits)
        _absorb_rest(runs, limits)
        passages += [Span(run[0].start, run[-1].end) for run in runs]
    return passages


def _absorb_rest(runs: list[list[Unit]], limits: Limits) -> None:
    """Lets what is left over at the end of a page join the passage before it, if it fits."""
    if len(runs) < 2 or runs[-1][0].start < runs[-2][-1].end:
        return
    short = cost_of(runs[-1]) <= limits.target // _SHORT_SHARE
    if short and cost_of(runs[-2], runs[-1]) <= limits.most:
        runs[-2:] = [runs[-2] + runs[-1]]


def _joins(current: Sequence[Unit], block: Block, limits: Limits) -> bool:
    """Whether the block goes on the current passage: if that brings it nearer the target.

    A lead-in of a few words also joins a block that has to be split.
    """
    have, both = cost_of(current), cost_of(current, block.units)
    if both > limits.most:
        return have <= limits.target // _SHORT_SHARE and cost_of(block.units) > limits.most
    return both - limits.target <= limits.target - have


def _split(units: Sequence[Unit], limits: Limits) -> list[list[Unit]]:
    """The units in runs of about equal cost near the target, overlapping by whole sentences."""
    cost = cost_of(units)
    goal = -(-cost // -(-cost // limits.target))
    runs: list[list[Unit]] = [[]]
    for unit in units:
        run = runs[-1]
        both = cost_of(run, [unit])
        if run and (unit.torn or both > limits.most or both - goal > goal - cost_of(run)):
            runs.append([*_overlap(run, unit, goal, limits), unit])
        else:
            run.append(unit)
    return runs


def _overlap(run: Sequence[Unit], unit: Unit, goal: int, limits: Limits) -> list[Unit]:
    """The last sentences of a run, repeated before `unit`, where they leave it room enough."""
    kept = list(run[1:])[-limits.overlap :] if limits.overlap else []
    if not unit.whole or not all(u.whole for u in kept):
        return []
    while kept and (cost_of(kept) > goal // 2 or cost_of(kept, [unit]) > limits.most):
        kept = kept[1:]
    return kept
