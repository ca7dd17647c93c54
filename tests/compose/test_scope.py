"""Which documents may answer by their dates, and what the answer says about it."""

from __future__ import annotations

from rag.compose.answer import Found
from rag.compose.scope import find_in_scope
from rag.question import understand
from rag.read import Reading
from rag.types import Filters


class Archive:
    """Answers from documents of the given dates; notes every look that is taken."""

    def __init__(self, *dates: str) -> None:
        self.dates = dates
        self.looks: list[Filters] = []

    def __call__(self, filters: Filters) -> Found:
        self.looks.append(filters)
        seen = [
            d
            for d in self.dates
            if (filters.since or "") <= d and d <= (filters.as_of or filters.until or "9999")
        ]
        because = None if seen else "No passage matches the question under these filters."
        confidence = 0.9 if seen else 0.0
        times = {"load": 0.0, "retrieve": 1.0, "read": 2.0}
        return Found(understand("Who?"), 10, Reading((), confidence), {}, because, times, 0.0)


def test_without_a_date_nothing_is_said() -> None:
    archive = Archive("2020-01-01")
    found = find_in_scope(archive, Filters(since="2019", until="2021"))
    assert (found.as_of, found.scope) == (None, None)
    assert archive.looks == [Filters(since="2019", until="2021")]


def test_as_of_is_told_of_an_answer_and_of_a_refusal() -> None:
    for dates, refused in ((("2020-01-01",), False), (("2023-01-01",), True)):
        found = find_in_scope(Archive(*dates), Filters(as_of="2022-02"))
        assert (found.because is not None) == refused
        assert (found.as_of, found.scope) == ("2022-02", "Documents up to 2022-02-28.")
