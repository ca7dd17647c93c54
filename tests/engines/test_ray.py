"""Embedding on a Ray cluster of two nodes, on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.engines.ray import RayEmbedder, on_ray
from rag.errors import EngineUnavailable, ModelUnavailable
from rag.store.update import update_index
from rag.types import Span
from tests.engines.fakes import load_fake, load_missing, load_of_this_process, load_rough
from tests.store.fakes import FakeEmbedder, FakeTokens, Store

pytestmark = pytest.mark.enable_socket
MEMORY = 80 << 20


def test_without_the_extra_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with on_ray(None, None) as load, pytest.raises(EngineUnavailable, match="pip install"):
        load()


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of two nodes with one core each."""
    pytest.importorskip("ray")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        # Workers look for the fakes by name, wherever they are started.
        patch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
        made = _started()
        try:
            yield made.address
        finally:
            made.shutdown()


def _started() -> Any:
    """Ray gives up a node whose helpers take over 15 s to start, as on a machine that is busy."""
    from ray.cluster_utils import Cluster

    for _ in range(3):
        made = Cluster()
        try:
            for _ in range(2):
                made.add_node(num_cpus=1, object_store_memory=MEMORY, include_dashboard=False)
            made.wait_for_nodes()
        except Exception as error:
            why = error
            made.shutdown()
        else:
            return made
    pytest.skip(f"Ray could not start two nodes here: {why}")


def _texts(count: int) -> list[str]:
    return [f"Passage {n} tells of ravens. And of rivers, {n % 7} of them." for n in range(count)]


def _parts(texts: list[str]) -> list[tuple[Span, ...]]:
    ends = [text.index(". ") + 1 for text in texts]
    return [(Span(0, end), Span(end + 1, len(t))) for t, end in zip(texts, ends, strict=True)]


def test_vectors_are_those_of_one_machine_in_their_order(cluster: str) -> None:
    texts, plain = _texts(300), FakeEmbedder()
    with on_ray(None, cluster, load_fake) as load:
        embedder = load()
        assert (embedder.name, embedder.revision, embedder.dimension) == ("fake", "1", 32)
        assert embedder.cores == 2
        assert embedder.batch == 512
        vectors, parts = embedder.encode_with_parts(texts, _parts(texts))
        wanted, wanted_parts = plain.encode_with_parts(texts, _parts(texts))
        np.testing.assert_allclose(vectors, wanted, atol=1e-6)
        assert len(parts) == len(texts)
        for found, expected in zip(parts, wanted_parts, strict=True):
            np.testing.assert_allclose(found, expected, atol=1e-6)
        done: list[int] = []
        passages = embedder.encode_passages(texts, progress=done.append)
        np.testing.assert_allclose(passages, wanted, atol=1e-6)
        assert sum(done) == 300
        np.testing.assert_allclose(embedder.encode_queries(texts[:2]), wanted[:2], atol=1e-6)
        assert embedder.encode_with_parts([], [])[0].shape == (0, 32)


def test_both_nodes_take_part(cluster: str) -> None:
    import ray

    with on_ray(None, cluster, load_fake) as load:
        load()

        @ray.remote(num_cpus=1, scheduling_strategy="SPREAD")
        def where() -> str:
            import time

            time.sleep(0.3)
            return str(ray.get_runtime_context().get_node_id())

        assert len(set(ray.get([where.remote() for _ in range(8)]))) == 2


def _filled(store: Store) -> Store:
    for n in range(40):
        paragraphs = "\n\n".join(f"{t} {n} " * 6 for t in _texts(8))
        store.write(f"docs/2020-01-{n % 28 + 1:02d}-{n}.txt", paragraphs)
    return store


def _update(store: Store, cluster: str) -> int:
    with on_ray(None, cluster, load_fake) as load:
        docs = [store.base / "docs"]
        done = update_index(store.directory, docs, embedder=load, tokens=FakeTokens())
    return done.embedded


def test_an_index_is_the_same_with_and_without(cluster: str, store: Store, tmp_path) -> None:
    _filled(store)
    embedded = _update(store, cluster)
    contents, found = store.contents(), store.found("ravens of rivers 3")
    store.directory = tmp_path / "plain"
    assert store.update("docs").embedded == embedded > 100
    assert store.contents() == contents
    plain = store.found("ravens of rivers 3")
    assert [[row for row, _ in leg] for _, leg in plain] == [
        [r for r, _ in leg] for _, leg in found
    ]
    assert [s for _, leg in plain for _, s in leg] == pytest.approx(
        [s for _, leg in found for _, s in leg], abs=1e-6
    )


class _Killed(BaseException):
    pass


def test_what_was_committed_is_not_embedded_again(cluster: str, store: Store, monkeypatch) -> None:
    _filled(store)
    monkeypatch.setattr("rag.store.writing.BATCH", 64)
    monkeypatch.setattr("rag.engines.ray.AHEAD", 1)
    real, calls = RayEmbedder.encode_with_parts, []

    def dying(self, texts, parts):
        calls.append(len(texts))
        if len(calls) == 3:
            raise _Killed
        return real(self, texts, parts)

    with monkeypatch.context() as patch:
        patch.setattr(RayEmbedder, "encode_with_parts", dying)
        with pytest.raises(_Killed):
            _update(store, cluster)
    left = _update(store, cluster)
    done = sum(calls[:2])
    assert done >= 128
    store.directory = store.base / "plain"
    assert left + done == store.update("docs").embedded


def test_what_workers_say_is_passed_on(cluster: str) -> None:
    with (
        on_ray("absent", cluster, load_missing) as load,
        pytest.raises(ModelUnavailable, match="no model absent"),
    ):
        load()


@pytest.mark.parametrize(
    ("load_one", "words"), [(load_of_this_process, "different models"), (load_rough, "differently")]
)
def test_machines_that_do_not_fit_together_are_told(cluster: str, load_one, words: str) -> None:
    with on_ray(f"odd-{os.getpid()}", cluster, load_one) as load:
        embedder = load()
        with pytest.raises(EngineUnavailable, match=words):
            for _ in range(20):
                embedder.encode_passages(_texts(640))


def test_an_address_without_a_cluster_is_told() -> None:
    pytest.importorskip("ray")
    with (
        on_ray(None, "127.0.0.1:1", load_fake) as load,
        pytest.raises(EngineUnavailable, match=r"at 127\.0\.0\.1:1"),
    ):
        load()
