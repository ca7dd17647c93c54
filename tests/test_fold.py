"""Copies among the hits: one place for all of them, and every source named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.asking.question import understand
from rag.compose.cite import Draft, cite
from rag.render.hits import hit_lines
from rag.render.lines import to_text
from rag.retrieve import POOL, retrieve
from rag.types import Filters, Hit, Span, hit_to_dict
from tests.store.fakes import FakeEmbedder, Store

STORY = (
    "The raven met an owl near Vienna on 14 March 2021. It did not stay for long. "
    "The heron and the stork watched them from the roof of the station.\n"
)
OTHER = "A finch and a lark sang in the garden of the raven. Nobody had asked them to.\n"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.chdir(tmp_path)
    return Store(tmp_path)


def search(store: Store, query: str, top_k: int = 10, filters: Filters | None = None) -> list[Hit]:
    store.update("a")
    with store.open() as index:
        return retrieve(index, FakeEmbedder(), understand(query), filters or Filters(), top_k)


def sources(hits: list[Hit]) -> list[tuple[str, tuple[str, ...]]]:
    return [(hit.passage.source, hit.also_in) for hit in hits]


def titled(store: Store, *titles: str) -> None:
    """Documents of the same words under several titles."""
    records = [{"title": title, "text": OTHER} for title in titles]
    store.write("a/1.jsonl", "".join(json.dumps(record) + "\n" for record in records))


def test_a_copy_takes_no_place_and_is_named(store) -> None:
    store.write("a/1.txt", STORY)
    store.write("a/2.txt", STORY.replace(" It", "  It"))
    store.write("a/3.txt", OTHER)
    hits = search(store, "raven owl Vienna")
    assert sources(hits) == [("a/1.txt", ("a/2.txt",)), ("a/3.txt", ())]
    assert [copy.text for copy in hits[0].copies] == [STORY.replace(" It", "  It").strip()]
    assert hit_to_dict(hits[0])["also_in"] == ["a/2.txt"]
    assert hit_to_dict(hits[1])["also_in"] == []
    lines = to_text(hit_lines(hits))
    assert lines.count("also in") == 1 and "also in a/2.txt" in lines


def test_a_citation_names_the_copies_that_have_its_very_words(store) -> None:
    store.write("a/1.txt", STORY)
    store.write("a/2.txt", STORY.replace(" It", "\nIt"))
    store.write("a/3.txt", STORY.replace("did not stay", "also did not stay"))
    (hit,) = search(store, "raven owl Vienna heron")
    source = hit.passage.source
    assert sorted((source, *hit.also_in)) == ["a/1.txt", "a/2.txt", "a/3.txt"]
    with store.open() as index:
        document = index.document(source)
    assert document is not None
    span = Span(document.text.index("The heron"), document.text.index(" and the stork"))
    _, (shared,), _ = cite([Draft("The heron", hit, (span,), 0.9)], {source: document})
    assert shared.also_in == hit.also_in
    span = Span(document.text.index("It "), document.text.index(" stay"))
    _, (own,), _ = cite([Draft("It did not", hit, (span,), 0.9)], {source: document})
    assert own.also_in == tuple(s for s in hit.also_in if (s == "a/3.txt") == (source == "a/3.txt"))


@pytest.mark.parametrize(
    ("old", "new"), [("14", "15"), ("Vienna", "Geneva"), ("did not", "did"), ("2021", "2020")]
)
def test_what_contradicts_is_shown_beside_it(store, old: str, new: str) -> None:
    store.write("a/1.txt", STORY)
    store.write("a/2.txt", STORY.replace(old, new))
    hits = search(store, "raven owl")
    assert sorted(hit.passage.source for hit in hits) == ["a/1.txt", "a/2.txt"]
    assert not any(hit.also_in for hit in hits)


def test_a_quotation_in_another_document_is_no_copy_of_it(store) -> None:
    for name, bird in (("1", "gull"), ("2", "tern")):
        rest = "\n\n".join(f"Chapter {n} tells of the {bird} and its days." for n in range(40))
        # Passages are cut at headings, so that one of each is the story alone.
        store.write(f"a/{name}.md", f"# Birds\n\n{STORY}\n# Rest\n\n{rest}\n")
    hits = search(store, "raven owl Vienna heron stork", top_k=2)
    assert [hit.passage.text.count("Vienna") for hit in hits] == [1, 1]
    assert not any(hit.also_in for hit in hits)


def test_reports_of_two_years_are_not_folded(store) -> None:
    titled(store, "Report 2021", "Report 2022")
    assert [also for _, also in sources(search(store, "finch lark"))] == [(), ()]


def test_the_one_that_is_asked_for_by_its_name_is_shown(store) -> None:
    titled(store, "Westport", "Easton")
    assert len(search(store, "finch lark garden")) == 1
    found = sources(search(store, "finch and lark in Easton"))
    assert sorted(found) == [("a/1.jsonl#1", ()), ("a/1.jsonl#2", ())]


def test_copies_do_not_crowd_out_the_rest(store) -> None:
    for number in range(POOL + 20):
        store.write(f"a/copy-{number:03d}.txt", STORY)
    store.write("a/other.txt", OTHER)
    hits = search(store, "raven owl Vienna", top_k=2)
    assert [hit.passage.source for hit in hits] == ["a/copy-000.txt", "a/other.txt"]
    assert len(hits[0].also_in) == POOL + 19


def test_what_a_filter_leaves_out_is_not_named(store) -> None:
    store.write("a/1.txt", STORY)
    store.write("a/2.txt", STORY)
    assert sources(search(store, "raven", filters=Filters(source="2.txt"))) == [("a/2.txt", ())]


def test_the_order_in_which_files_came_changes_nothing(store) -> None:
    store.write("a/2.txt", STORY)
    store.write("a/3.txt", OTHER)
    search(store, "raven")
    store.write("a/1.txt", STORY)
    updated = sources(search(store, "raven owl"))
    store.update("a", rebuild=True)
    assert sources(search(store, "raven owl")) == updated
    assert updated[0] == ("a/1.txt", ("a/2.txt",))
