"""A Milvus server or file, and the five collections that one store is kept in.

The one file that imports pymilvus. `URL` is `milvus:FILE.db` (Milvus Lite, in this process) or
`http(s)://HOST:PORT[/NAME]`; several stores on one server have different names. A token or
`user:password` is read from `RAG_STORE_TOKEN`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.errors import BadInput, StoreUnavailable
from rag.store.milvus_fields import FIELDS, LONGEST, TEXT

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Address", "Milvus", "literal", "literals", "parse_address"]

#: What is asked for in one piece; Milvus itself allows 16,384.
PIECE = 1000
_SCHEME = "milvus:"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is: what pymilvus connects to, and the name before its collections."""

    url: str
    uri: str
    name: str

    @property
    def lite(self) -> bool:
        """Whether it is a file that this process opens for itself."""
        return not self.uri.startswith(("http://", "https://"))


def parse_address(url: str) -> Address:
    """The address that a `--store` names; `BadInput` where it names none."""
    hint = "Write milvus:FILE.db, or http://HOST:PORT with /NAME where a server holds several."
    if url.startswith(_SCHEME):
        path = url.removeprefix(_SCHEME)
        if not path.endswith(".db"):
            raise BadInput(f"The store “{url}” is no file that ends in .db.", hint=hint)
        return Address(url, str(Path(path).expanduser().absolute()), "rag")
    parts = urlsplit(url)
    name = parts.path.strip("/") or "rag"
    if parts.scheme not in ("http", "https") or not parts.hostname or not _NAME.fullmatch(name):
        raise BadInput(f"“{url}” is not the address of a store.", hint=hint)
    return Address(url, f"{parts.scheme}://{parts.netloc}", name)


#: How many of this process have a file open; the last one lets go of it.
_opened: Counter[str] = Counter()


class Milvus:
    """The collections of one store; every failure is a `StoreUnavailable` in a sentence."""

    def __init__(self, address: Address, *, create: bool = False) -> None:
        self.address = address
        self._closed = False
        if address.lite:
            self._check_file(Path(address.uri), create)
        with self._explained():
            self._client = _connect(address)
        if address.lite:
            _opened[address.uri] += 1

    def _check_file(self, path: Path, create: bool) -> None:
        if not create and not path.exists():
            raise BadInput(
                f"There is no store {path}.",
                hint=f"Fill it with `rag index PATH --store {self.address.url}`.",
            )
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)

    def exists(self) -> bool:
        """Whether anything was ever written under this name; what is there is made ready."""
        with self._explained():
            if not self._client.has_collection(self._full("meta")):
                return False
            for name in FIELDS:
                self._client.load_collection(self._full(name))
        return True

    def create(self, dimension: int) -> None:
        """Makes the collections, empty; the last is `meta`, so that half of them are none."""
        with self._explained():
            for name in ("terms", "documents", "pieces", "passages", "meta"):
                self._create(name, dimension)

    def drop(self) -> None:
        """Removes the collections and all that is in them."""
        with self._explained():
            for name in ("meta", *(n for n in FIELDS if n != "meta")):
                if self._client.has_collection(self._full(name)):
                    self._client.drop_collection(self._full(name))

    def _create(self, name: str, dimension: int) -> None:
        from pymilvus import DataType, MilvusClient

        full = self._full(name)
        if self._client.has_collection(full):
            self._client.drop_collection(full)
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        for at, (field, kind) in enumerate(FIELDS[name].items()):
            size = {"max_length": LONGEST} if kind == TEXT else {}
            schema.add_field(field, getattr(DataType, kind), is_primary=at == 0, **size)
        index = self._client.prepare_index_params()
        if name == "passages":
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
            schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
            index.add_index("vector", metric_type="IP", **self._vector_index())
            index.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        else:
            schema.add_field("unused", DataType.FLOAT_VECTOR, dim=2)
            index.add_index("unused", index_type="FLAT", metric_type="IP")
        # Texts and sentence vectors are read by key alone and need not be held in memory.
        mapped = {"mmap.enabled": "true"} if name == "pieces" else {}
        self._client.create_collection(
            full, schema=schema, index_params=index, consistency_level="Strong", properties=mapped
        )

    def _vector_index(self) -> dict[str, Any]:
        """Exact in a file; on a server HNSW, because that is where millions are."""
        if self.address.lite:
            return {"index_type": "FLAT"}
        return {"index_type": "HNSW", "params": {"M": 24, "efConstruction": 200}}

    def rows(self, name: str, condition: str, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Every entity that a condition names, in no order, however many there are."""
        with self._explained():
            found = self._client.query_iterator(
                self._full(name), filter=condition, output_fields=list(fields), batch_size=PIECE
            )
            try:
                while batch := found.next():
                    yield from batch
            finally:
                found.close()

    def by_key(
        self, name: str, keys: Sequence[int] | Sequence[str], fields: Sequence[str]
    ) -> list[dict[str, Any]]:
        """The entities of some keys, those that there are, in no order."""
        key = next(iter(FIELDS[name]))
        many = PIECE if name != "pieces" else 200  # of 60 kB each
        entities: list[dict[str, Any]] = []
        for first in range(0, len(keys), many):
            condition = f"{key} in {literals(keys[first : first + many])}"
            with self._explained():
                entities += self._client.query(
                    self._full(name), filter=condition, output_fields=list(fields), limit=many
                )
        return entities

    def count(self, name: str, condition: str) -> int:
        """How many entities a condition names."""
        with self._explained():
            found = self._client.query(
                self._full(name), filter=condition, output_fields=["count(*)"]
            )
            return int(found[0]["count(*)"])

    def search(
        self, field: str, wanted: np.ndarray | Mapping[int, float], k: int, condition: str
    ) -> list[tuple[int, float]]:
        """The rows of the `k` best inner products with `vector` or `words`, best first.

        Equals are by source and place among those that Milvus chose.
        """
        with self._explained():
            found = self._client.search(
                self._full("passages"),
                data=[wanted],
                anns_field=field,
                filter=condition,
                limit=min(k, 16_384),
                search_params={"metric_type": "IP", "params": self._effort(field, k)},
                output_fields=["row", "source", "start", "end"],
            )
        hits = [{**hit["entity"], **hit} for hit in found[0]]
        ranked = sorted(hits, key=lambda h: (-h["distance"], h["source"], h["start"], h["end"]))
        return [(int(hit["row"]), float(hit["distance"])) for hit in ranked]

    def _effort(self, field: str, k: int) -> dict[str, Any]:
        if field == "words":
            return {"drop_ratio_search": 0.0}
        return {} if self.address.lite else {"ef": max(2 * k, 200)}

    def put(self, name: str, entities: Sequence[Mapping[str, Any]]) -> None:
        """Writes entities, each in the place of one of the same key."""
        spare = {} if name == "passages" else {"unused": [1.0, 0.0]}
        for first in range(0, len(entities), PIECE):
            with self._explained():
                batch = [{**e, **spare} for e in entities[first : first + PIECE]]
                self._client.upsert(self._full(name), batch)

    def delete(self, name: str, field: str, values: Sequence[int] | Sequence[str]) -> None:
        """Removes the entities whose field has one of some values."""
        for first in range(0, len(values), PIECE):
            condition = f"{field} in {literals(values[first : first + PIECE])}"
            with self._explained():
                self._client.delete(self._full(name), filter=condition)

    def flush(self) -> None:
        """Seals what was written, so that it is indexed rather than searched row by row."""
        with self._explained():
            for name in FIELDS:
                self._client.flush(self._full(name))

    def close(self) -> None:
        """Lets go of the connection, and of a file so that another process may open it."""
        with contextlib.suppress(Exception):
            self._client.close()
        if self.address.lite and not self._closed:
            _opened[self.address.uri] -= 1
            if not _opened[self.address.uri]:
                from milvus_lite.server_manager import server_manager_instance

                server_manager_instance.release_server(self.address.uri)
        self._closed = True

    def _full(self, name: str) -> str:
        return f"{self.address.name}_{name}"

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Says in a sentence what the store refused, and in another what may be done."""
        try:
            yield
        except ImportError as error:
            raise StoreUnavailable(
                "A store on Milvus needs the package pymilvus.",
                hint="Install what it needs with `pip install 'rag[milvus]'`.",
            ) from error
        except Exception as error:
            if not _of_milvus(error):
                raise
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> StoreUnavailable:
        told = str(getattr(error, "message", "") or error).strip().splitlines()
        reason = told[0][:200] if told else type(error).__name__
        hint = "See that the server runs and that RAG_STORE_TOKEN holds what it asks for."
        if self.address.lite:
            hint = (
                "Only one process at a time can use such a file, and it needs the package"
                " milvus-lite; several share a server."
            )
        return StoreUnavailable(
            f"The store {self.address.url} did not do what was asked of it ({reason}).", hint=hint
        )


def literals(values: Sequence[int] | Sequence[str]) -> str:
    """A list as Milvus' expressions write it."""
    return "[" + ",".join(literal(v) for v in values) + "]"


def literal(value: int | str) -> str:
    """A number or a text as Milvus' expressions write it: quoted, nothing in it acts."""
    if isinstance(value, int):
        return str(value)
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + quoted.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def _connect(address: Address) -> Any:
    from pymilvus import MilvusClient

    # It logs each refusal with a traceback before raising it.
    for name in ("pymilvus", "milvus_lite", "grpc"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    token = os.environ.get("RAG_STORE_TOKEN", "")
    return MilvusClient(address.uri, **({} if address.lite else {"token": token, "timeout": 20}))


def _of_milvus(error: Exception) -> bool:
    """Whether an error comes from the client or what it is built on, not from this program."""
    return type(error).__module__.split(".")[0] in {"pymilvus", "grpc", "milvus_lite"} or (
        isinstance(error, OSError)
    )
