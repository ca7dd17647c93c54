"""A BERT run without padding, one text a core, in bfloat16 where the processor has it.

The network is a few products of matrices; run one text at a time, with weights laid out
beforehand, they keep a core as busy as a padded batch does, and each core has its own text. What
comes of a text then depends on that text alone, bit for bit, whatever it is run with.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from rag.models.processor import has_bfloat16

__all__ = ["PackedBert", "packed_bert"]

#: Between these a sum of exponentials has lost nothing to the ends of the number range.
SMALLEST, LARGEST = 1e-30, 1e38

J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer's weights: (packed matrix, bias) of each product, (weight, bias, eps) of each norm.

    `attended` makes queries, keys and values in one product; queries are scaled already.
    """

    attended: tuple[Any, Any]
    projected: tuple[Any, Any]
    widened: tuple[Any, Any]
    narrowed: tuple[Any, Any]
    norms: tuple[tuple[Any, Any, float], tuple[Any, Any, float]]


class PackedBert:
    """The hidden states of a `BertModel`; to be had from `packed_bert`."""

    def __init__(self, network: Any, window: int) -> None:
        import torch

        self._torch = torch
        kind = torch.bfloat16 if has_bfloat16(torch) else torch.float32
        self._kind = kind
        self._heads = network.config.num_attention_heads
        self._linear = torch.ops.mkldnn._linear_pointwise.default
        self._add = torch.ops.mkldnn._linear_pointwise.binary
        self._ones = torch.ones((self._heads, window, 1), dtype=kind)
        with torch.inference_mode():
            embeddings = network.embeddings
            self._words = embeddings.word_embeddings.weight
            self._places = embeddings.position_embeddings.weight
            self._types = embeddings.token_type_embeddings.weight
            self._first_norm = _norm(embeddings.LayerNorm, torch.float32)
            self._layers = [_layer(at, self._heads, kind) for at in network.encoder.layer]
        self._pool: ThreadPoolExecutor | None = None

    def each(self, work: Callable[[J], R], jobs: Sequence[J]) -> Iterator[R]:
        """Does each job on a core of its own, as many at a time as torch uses; in order."""
        return self._workers().map(work, jobs)

    def _workers(self) -> ThreadPoolExecutor:
        """As many threads as torch would use, each of them alone with its text."""
        if self._pool is None:
            count = max(1, self._torch.get_num_threads())
            started = threading.Barrier(count + 1)

            def start() -> None:
                self._torch.set_num_threads(1)
                # A thread that was never asked looks up what all others have when it first works.
                self._torch.get_num_threads()
                started.wait()

            self._pool = ThreadPoolExecutor(count, thread_name_prefix="encode", initializer=start)
            for _ in range(count):
                self._pool.submit(int)
            started.wait()
            # What a thread sets also holds for threads begun later; they are to have what was.
            self._torch.set_num_threads(count)
        return self._pool

    def hidden(self, ids: Any, types: Any = None) -> Any:
        """float32 (t, d): the last hidden states of one text's tokens.

        `ids` and `types` (all 0 where None) are int64 (t,), t at most the window.
        """
        linear, add, norm = self._linear, self._add, self._torch.nn.functional.layer_norm
        shape = (self._words.shape[1],)
        x = self._words[ids].add_(self._places[: len(ids)])
        x = x.add_(self._types[0] if types is None else self._types[types])
        x = norm(x, shape, *self._first_norm).to(self._kind)
        for layer in self._layers:
            seen = self._attend(linear(x, *layer.attended, "none", [], ""))
            x = norm(add(seen, x, *layer.projected, "add"), shape, *layer.norms[0])
            wide = linear(x, *layer.widened, "gelu", [], "none")
            x = norm(add(wide, x, *layer.narrowed, "add"), shape, *layer.norms[1])
        return x.float()

    def _attend(self, made: Any) -> Any:
        """(t, d) from the queries, keys and values of one text, (t, 3d).

        Softmax mostly without the subtraction of the largest: weights are exponentials, and a
        column of ones among the values sums them up.
        """
        torch = self._torch
        length, size = len(made), made.shape[1] // (3 * self._heads)
        queries, keys, values = made.view(length, 3, self._heads, size).permute(1, 2, 0, 3)
        keys = keys.transpose(-1, -2)
        counted = torch.cat((values, self._ones[:, :length]), -1)
        summed = torch.bmm(torch.bmm(queries, keys).exp_(), counted)
        least, most = torch.aminmax(summed[..., size:])
        if not SMALLEST < least.item() <= most.item() < LARGEST:
            summed = torch.bmm(torch.softmax(torch.bmm(queries, keys), -1), counted)
        out = torch.empty((length, self._heads, size), dtype=self._kind)
        torch.div(summed[..., :size], summed[..., size:], out=out.transpose(0, 1))
        return out.view(length, self._heads * size)


def packed_bert(network: Any, window: int) -> PackedBert | None:
    """A plain `BertModel` on a processor, laid out anew; None for any other network.

    The products are no public part of torch: another build may lack them, and then this is None
    too, or change them; so whoever uses it compares what it gives with the network's own.
    """
    if not _plain_bert(network) or window > network.config.max_position_embeddings:
        return None
    try:
        return PackedBert(network, window)
    except (RuntimeError, AttributeError, NotImplementedError):
        return None


def _plain_bert(network: Any) -> bool:
    from transformers import BertModel

    if type(network) is not BertModel or network.device.type != "cpu":
        return False
    config = network.config
    return (
        config.hidden_act == "gelu"
        and not config.is_decoder
        and not config.add_cross_attention
        and getattr(config, "position_embedding_type", "absolute") in (None, "absolute")
    )


def _layer(layer: Any, heads: int, kind: Any) -> _Layer:
    attention, output = layer.attention.self, layer.attention.output
    scale = (output.dense.weight.shape[1] // heads) ** -0.5
    pack = partial(_packed, kind=kind)
    return _Layer(
        attended=pack((attention.query, attention.key, attention.value), scale=scale),
        projected=pack((output.dense,)),
        widened=pack((layer.intermediate.dense,)),
        narrowed=pack((layer.output.dense,)),
        norms=(_norm(output.LayerNorm, kind), _norm(layer.output.LayerNorm, kind)),
    )


def _packed(linears: Sequence[Any], kind: Any, scale: float = 1.0) -> tuple[Any, Any]:
    """The matrices of products of one input, the first times `scale`, as oneDNN wants them."""
    import torch

    factors = (scale, *[1.0] * (len(linears) - 1))
    weight = torch.cat([f * part.weight for f, part in zip(factors, linears, strict=True)])
    bias = torch.cat([f * part.bias for f, part in zip(factors, linears, strict=True)])
    packed = torch.ops.mkldnn._reorder_linear_weight(weight.to(kind).contiguous(), 256)
    return packed, bias.to(kind)


def _norm(norm: Any, kind: Any) -> tuple[Any, Any, float]:
    return norm.weight.to(kind), norm.bias.to(kind), norm.eps
