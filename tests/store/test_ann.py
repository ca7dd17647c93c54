"""The approximate base of the dense leg, against exact search, and files that are not ours."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rag.store.arrays import Places
from rag.store.database import Database
from rag.store.files import STAMP, publish
from rag.store.plan import choose, read_plan
from rag.store.postings import build_postings, load_postings
from rag.store.vectors import VectorIndex, open_vectors
from tests.store.test_vectors import filled

D, N = 16, 2000


@pytest.fixture(scope="module")
def some(tmp_path_factory) -> tuple[Database, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    centres = generator.standard_normal((40, D))
    vectors = centres[generator.integers(40, size=N)] + generator.standard_normal((N, D))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    rows = np.arange(1, N + 1, dtype=np.int64)
    database = filled(tmp_path_factory.mktemp("ann"), vectors, rows)
    database.put("faiss", "ivf")
    return database, vectors, rows


def brute(vectors: np.ndarray, query: np.ndarray, k: int, mask: np.ndarray) -> list[int]:
    scores = np.where(mask, vectors.astype(np.float64) @ query, -np.inf)
    return (1 + np.argsort(-scores, kind="stable")[: min(k, int(mask.sum()))]).tolist()


def recall(index: VectorIndex, vectors: np.ndarray, mask: np.ndarray) -> float:
    queries = np.random.default_rng(4).standard_normal((60, D)).astype(np.float32)
    found = []
    for query in queries / np.linalg.norm(queries, axis=1, keepdims=True):
        allowed = None if mask.all() else np.flatnonzero(mask) + 1
        got = index.search(query, 10, allowed)
        wanted = brute(vectors, query, 10, mask)
        assert len(got) == len(wanted)
        assert all(mask[row - 1] for row, _ in got)
        exact = [float(vectors[row - 1].astype(np.float64) @ query) for row, _ in got]
        assert [score for _, score in got] == pytest.approx(exact, abs=1e-6)
        found.append(len({row for row, _ in got} & set(wanted)) / max(1, len(wanted)))
    return float(np.mean(found))


@pytest.mark.parametrize("every", [1, 2, 7, 40, 900])
def test_it_finds_nearly_what_exact_search_finds_under_any_filter(some, every: int) -> None:
    database, vectors, _ = some
    index = open_vectors(database, D)
    mask = np.arange(N) % every == 0
    assert recall(index, vectors, mask) >= (0.97 if every < 40 else 1.0)


def test_what_it_measured_is_written_beside_it_and_it_opens_the_same(some) -> None:
    database, vectors, _ = some
    query = vectors[7]
    built = open_vectors(database, D, anew=True).search(query, 20)
    plan = read_plan(database.directory / "vectors")
    assert (plan.kind, plan.passages, plan.asked) == ("ivf", N, 200)
    assert plan.recall >= 0.99
    assert 1 <= plan.probes <= plan.lists == 50
    assert open_vectors(database, D).search(query, 20) == built


@pytest.mark.parametrize(
    ("setting", "passages", "kind"),
    [("auto", 50_000, "flat"), ("auto", 50_001, "ivf"), ("flat", 10**7, "flat"), ("ivf", 1, "ivf"),
     ("ivf", 0, "flat")],
)  # fmt: skip
def test_the_kind_follows_the_size_or_the_setting(setting, passages, kind) -> None:
    assert choose(setting, passages).kind == kind


def spoil(path: Path, chance: np.random.Generator) -> None:
    """Puts something in the place of a file that a stranger could have made."""
    values: list[np.ndarray] = [
        np.zeros(0, dtype="<i8"),
        np.full((5, 5), 2**62, dtype="<i8"),
        np.arange(7, dtype="<f8"),
    ]
    if path.suffix == ".npy":
        array = np.array(np.load(path))
        values += [array[:-1], array.astype("<f2"), ~array if array.dtype.kind in "iu" else -array]
        values += [np.full_like(array, array.max(initial=0)), array[::-1]]
        with np.errstate(all="ignore"):
            values += [np.array(array * 1e9, dtype=array.dtype)]
        np.save(path, values[int(chance.integers(len(values)))], allow_pickle=False)
    else:
        plan = json.loads(path.read_text())
        plan |= chance.choice([{"lists": 10**9}, {"probes": -1}, {"kind": "x"}, {"passages": 3}])
        path.write_text(json.dumps(plan))


@pytest.mark.parametrize("leg", ["vectors", "lexical"])
@pytest.mark.parametrize("seed", range(2))
def test_well_stamped_files_with_nonsense_in_them_do_no_harm(some, tmp_path, leg, seed) -> None:
    """As in an index from a stranger: the stamp fits, the arrays do not."""
    from rag.errors import RagError
    from rag.store.lexical import open_lexical

    database, vectors, _ = some
    chance = np.random.default_rng(seed)
    open_vectors(database, D)
    open_lexical(database)
    folder = database.directory / leg
    for path in sorted(p for p in folder.iterdir() if p.name != STAMP):
        whole = {p.name: p.read_bytes() for p in folder.iterdir() if p.name != STAMP}
        spoil(path, chance)
        now = {p.name: p.read_bytes() for p in folder.iterdir() if p.name != STAMP}
        write(folder, now)
        try:
            if leg == "vectors":
                open_vectors(database, D).search(vectors[0], 5)
            else:
                open_lexical(database).search(["raven", "crow"], 5)
        except RagError as error:
            assert error.hint
        write(folder, whole)


def write(folder: Path, files: dict[str, bytes]) -> None:
    def fill(temporary: Path) -> None:
        for name, data in files.items():
            (temporary / name).write_bytes(data)

    publish(folder, 1, fill)


def test_postings_count_and_are_read_again(tmp_path) -> None:
    passages = [(9, ["b", "a", "b"]), (4, []), (7, ["é", "b"])]
    built = build_postings(passages)
    built.save(tmp_path)
    for postings in (built, load_postings(tmp_path)):
        assert {t: [v.tolist() for v in postings.find(t)] for t in ("a", "b", "é", "c")} == {
            "a": [[0], [1]],
            "b": [[0, 2], [2, 1]],
            "é": [[2], [1]],
            "c": [[], []],
        }
        assert postings.where.rows.tolist() == [9, 4, 7]
        assert postings.lengths.tolist() == [3, 0, 2]


def test_a_place_that_is_none_is_noticed(tmp_path) -> None:
    build_postings([(1, ["a"]), (2, ["a"])]).save(tmp_path)
    np.save(tmp_path / "places.npy", np.array([0, 5], dtype="<u4"))
    with pytest.raises(ValueError, match="place"):
        load_postings(tmp_path).find("a")


@pytest.mark.parametrize("rows", [[], [5], [3, 1, 2], [10**12, 4, 10**15]])
def test_places_of_rows(rows: list[int]) -> None:
    places = Places(np.array(rows, dtype=np.int64))
    wanted = np.array([*rows, 6, 0, 10**13], dtype=np.int64)
    expected = [rows.index(r) if r in rows else -1 for r in wanted.tolist()]
    assert places.of(wanted).tolist() == expected
    assert places.mask(wanted[1:]).tolist() == [r in rows[1:] for r in rows]


def test_a_row_that_occurs_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Places(np.array([3, 4, 3], dtype=np.int64))
