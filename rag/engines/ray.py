"""Embeds on the cores of a Ray cluster: the one file that imports ray.

Plain tasks, each over a few dozen texts: a worker loads the model once and keeps it, Ray places
the tasks on whatever machines there are and runs those of a lost machine again. What is embedded
comes back to the one writer, so an index is the same as one that was made without an engine, and
an update that is broken off goes on where it was.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.errors import EngineUnavailable, RagError
from rag.models.embedder import Embedder, load_embedder
from rag.types import Span

if TYPE_CHECKING:
    import numpy as np

__all__ = ["RayEmbedder", "on_ray"]

#: Texts that a worker is given at once, and how many such pieces per core are under way.
PIECE, AHEAD = 64, 4

#: Texts in one call, at most: they and their vectors are held in memory.
MOST = 32_768

#: Bytes of memory for what is on its way to and from workers on this machine.
LOCAL_STORE = 512 << 20

#: Seconds for a cluster to take a connection.
KNOCK = 10

#: So far two machines' vectors of one text may differ in any component.
ALIKE = 1e-6
_PROBE = "The harbour was closed on 3 May 2021."

#: Variables that change how a text is encoded; workers get those of the driver.
_PASSED = ("RAG_ENCODER",)

#: The models that this worker has loaded, and each one's vector of the probe.
_loaded: dict[str, tuple[Embedder, Any]] = {}


@contextlib.contextmanager
def on_ray(
    name: str | None,
    address: str | None,
    load: Callable[[str | None], Embedder] = load_embedder,
) -> Iterator[Callable[[], RayEmbedder]]:
    """What loads an embedder that runs on Ray: on this machine, or on the cluster at an address.

    Ray is started or reached when the embedder is first needed, and let go of at the end. `load`
    is called on the workers. Raises `EngineUnavailable`.
    """
    started: list[Any] = []

    def embedder() -> RayEmbedder:
        ray = _ray()
        if not ray.is_initialized():
            _start(ray, address)
            started.append(ray)
        return RayEmbedder(name, load, ray)

    try:
        yield embedder
    finally:
        for ray in started:
            ray.shutdown()


class RayEmbedder:
    """`Embedder` whose work is done by workers; each piece says with which model it was done."""

    def __init__(self, name: str | None, load: Callable[[str | None], Embedder], ray: Any) -> None:
        self._ray = ray
        self._encode = ray.remote(num_cpus=1, max_retries=3, scheduling_strategy="SPREAD")(
            _encode
        ).options(**_environment())
        self._job = partial(self._encode.remote, name, load)
        self._about: tuple[str, str, int] | None = None
        self._probe: np.ndarray | None = None
        list(self._done([self._job("encode_queries", [])]))
        self.name, self.revision, self.dimension = self._about or ("", "", 0)
        self.cores = max(1, int(ray.cluster_resources().get("CPU", 1)))

    @property
    def batch(self) -> int:
        """How many texts keep all cores at work."""
        return min(PIECE * AHEAD * self.cores, MOST)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, d), L2-normalised, in one piece: questions are few."""
        [vectors] = self._done([self._job("encode_queries", list(texts))])
        return self._stacked([vectors])

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> np.ndarray:
        """float32 (n, d), L2-normalised; `progress` hears of each piece done."""
        pieces = [list(texts[at : at + PIECE]) for at in range(0, len(texts), PIECE)]
        found = []
        for vectors in self._done([self._job("encode_passages", p) for p in pieces]):
            found.append(vectors)
            if progress is not None:
                progress(len(vectors))
        return self._stacked(found)

    def encode_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """The vectors of texts and of their parts, as the model makes them on one machine."""
        jobs = [
            self._job(
                "encode_with_parts", list(texts[at : at + PIECE]), list(parts[at : at + PIECE])
            )
            for at in range(0, len(texts), PIECE)
        ]
        found = list(self._done(jobs))
        pooled = [vectors for _, some in found for vectors in some]
        return self._stacked([vectors for vectors, _ in found]), pooled

    def _stacked(self, pieces: list[np.ndarray]) -> np.ndarray:
        import numpy as np

        return np.concatenate([np.zeros((0, self.dimension), np.float32), *pieces])

    def _done(self, jobs: Sequence[Any]) -> Iterator[Any]:
        """What the jobs give, in their order, each checked to come from one and the same model."""
        for job in jobs:
            try:
                about, probe, made = self._ray.get(job)
            except Exception as error:
                raise _explained(error) from error
            self._check(about, probe)
            yield made

    def _check(self, about: tuple[str, str, int], probe: np.ndarray) -> None:
        if self._about is None or self._probe is None:
            self._about, self._probe = about, probe
        if about != self._about:
            raise EngineUnavailable(
                f"The machines have different models: {self._about[0]} ({self._about[1]}) and"
                f" {about[0]} ({about[1]}).",
                hint="Install the same version everywhere, with the same model.",
            )
        if abs(probe - self._probe).max(initial=0.0) > ALIKE:
            raise EngineUnavailable(
                "The machines encode differently, because their processors do.",
                hint="Set RAG_ENCODER=plain, which is slower and the same on all of them.",
            )


def _encode(
    name: str | None, load: Callable[[str | None], Embedder], method: str, *texts: Any
) -> tuple[tuple[str, str, int], Any, Any]:
    """On a worker: the model's name, revision and dimension, its probe, and what was asked for."""
    key = f"{name}"
    if key not in _loaded:
        model = load(name)
        _loaded[key] = model, model.encode_passages([_PROBE])[0]
    model, probe = _loaded[key]
    made = getattr(model, method)(*texts) if texts[0] else probe[None][:0]
    return (model.name, model.revision, model.dimension), probe, made


def _ray() -> Any:
    # It tells its makers how it is used unless this stands there before it starts.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
    except ImportError as error:
        raise EngineUnavailable(
            "Embedding with the engine ray needs the package ray.",
            hint="Install what it needs with `pip install 'rag[ray]'`, on every machine.",
        ) from error
    return ray


def _start(ray: Any, address: str | None) -> None:
    own = {} if address else {"include_dashboard": False, "object_store_memory": LOCAL_STORE}
    try:
        _knock(address)
        ray.init(address=address or "local", log_to_driver=False, logging_level="ERROR", **own)
    except Exception as error:
        where = f"at {address}" if address else "on this machine"
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise EngineUnavailable(
            f"Ray could not be reached {where} ({reason[0][:200]}).",
            hint="Start it with `ray start --head`, and name what that prints as the address."
            if address
            else "A machine that is busy may be too slow for its start: run the command again.",
        ) from error


def _knock(address: str | None) -> None:
    """Raises `OSError` where nobody listens at an address; Ray itself would wait for minutes."""
    place = urlsplit(address if address and "//" in address else f"//{address}")
    if address and place.hostname and place.port:
        socket.create_connection((place.hostname, place.port), timeout=KNOCK).close()


def _environment() -> dict[str, Any]:
    """What workers are to know; nothing where there is nothing, which starts them sooner."""
    passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
    return {"runtime_env": {"env_vars": passed}} if passed else {}


def _explained(error: Exception) -> RagError:
    """What a worker could not do: in its own words where it has some."""
    cause = getattr(error, "cause", None) or error
    if isinstance(cause, RagError):
        return cause
    reason = str(cause).strip().splitlines() or [type(cause).__name__]
    return EngineUnavailable(
        f"A worker of the engine failed ({reason[-1][:200]}).",
        hint="Each machine needs rag installed, in the same version; what was done is kept.",
    )
