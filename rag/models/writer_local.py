"""A writer on this machine: any causal language model that transformers can load.

Greedy, so that the same question gives the same answer; constrained by llguidance where a grammar
is given, so that what the grammar forbids cannot be decoded.
"""

from __future__ import annotations

import copy
import importlib.util
import inspect
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from rag.errors import ModelUnavailable
from rag.models.processor import has_bfloat16
from rag.models.quiet import print_errors_only
from rag.models.tokens import hub_folder, local_path
from rag.models.writer import Message, Writer

__all__ = ["TransformersWriter", "load_gguf", "open_writer"]

#: What is fetched of a model: never pickled weights, never code.
FILES = ("*.json", "*.txt", "*.jinja", "*.jsonl", "*.model", "*.safetensors")
_EXTRA = "Install what it needs with `pip install 'rag[generative]'`."


def open_writer(name: str) -> Writer:
    """The model in a folder or GGUF file, or that of a hub id."""
    path = local_path(name)
    return TransformersWriter(path or hub_folder(name, FILES, "--model"), name)


class TransformersWriter:
    """`Writer` on a folder with safetensors weights, or on a GGUF file.

    On a GPU where there is one, in the precision the weights have (quantised weights stay so where
    transformers knows their format); on a CPU in bfloat16 where its products are native, else in
    float32. No code of the model's own is run. What every prompt begins with is read only once.
    """

    def __init__(self, path: Path, name: str) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch

        print_errors_only()
        device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            quick = torch.bfloat16 if has_bfloat16(torch) else torch.float32
            model, tokenizer = _load(path, "auto" if device == "cuda" else quick)
            model = model if getattr(model, "is_quantized", False) else model.to(device)
        except ModelUnavailable:
            raise
        except Exception as error:  # whatever a damaged folder makes the library raise
            raise ModelUnavailable(
                f"The writing model {name!r} cannot be loaded: {type(error).__name__}.",
                hint="It has to be a causal language model in safetensors or GGUF.",
            ) from error
        self._keep(model, tokenizer, name)

    @classmethod
    def of(cls, model: Any, tokenizer: Any, name: str) -> TransformersWriter:
        """A writer on a model in memory, for instance one that is being trained."""
        writer = cls.__new__(cls)
        writer._keep(model, tokenizer, name)
        return writer

    def _keep(self, model: Any, tokenizer: Any, name: str) -> None:
        self.name = name
        self._model, self._tokenizer = model.eval(), tokenizer
        self._ends = _end_tokens(model, tokenizer)
        self._special = sorted(
            {*tokenizer.all_special_tokens, *tokenizer.get_added_vocab()},
            key=lambda t: (-len(t), t),
        )
        self._takes = frozenset(inspect.signature(model.forward).parameters)
        self._constrainer: Any = None
        self._head: tuple[tuple[Message, ...], list[int], Any] | None = None

    def count_tokens(self, text: str) -> int:
        """The number of the model's own tokens."""
        return len(self._tokenizer(self._plain(text), add_special_tokens=False)["input_ids"])

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, grammar: str | None = None
    ) -> Iterator[str]:
        """The reply piece by piece; see `Writer.generate`."""
        matcher = None if grammar is None else self._matcher(grammar)
        shown, tokens = 0, []
        for token in self._decode(*self._begun(messages), max_tokens, matcher):
            tokens.append(token)
            text = self._tokenizer.decode(
                tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
            )
            # A character can take several tokens; until the last of them it decodes to U+FFFD.
            if not text.endswith("\ufffd") and len(text) > shown:
                yield text[shown:]
                shown = len(text)

    def _decode(
        self, pending: list[int], cache: Any, max_tokens: int, matcher: Any
    ) -> Iterator[int]:
        """Token after token, the likeliest that the matcher allows; forced ones cost no choice."""
        made = 0
        while made < max_tokens:
            forced = matcher.compute_ff_tokens() if matcher is not None else []
            for token in forced[: max_tokens - made]:
                matcher.consume_token(token)
                yield token
            made += len(forced)
            pending = pending + forced
            if made >= max_tokens or (matcher is not None and matcher.is_stopped()):
                return
            token = _likeliest(self._forward(pending, cache), matcher)
            if token in self._ends:
                return
            if matcher is not None and not matcher.consume_token(token):
                return
            yield token
            pending, made = [token], made + 1

    def _forward(self, tokens: list[int], cache: Any) -> Any:
        """The logits behind the last of the tokens; the cache, which holds what went before, grows.

        The cache goes under the name that this model has for it.
        """
        import torch

        options = {"cache" if "cache" in self._takes else "past_key_values": cache}
        if "logits_to_keep" in self._takes:
            options["logits_to_keep"] = 1
        with torch.inference_mode():
            inputs = torch.tensor([tokens], device=self._model.device)
            return self._model(input_ids=inputs, use_cache=True, **options).logits[0, -1].float()

    def _begun(self, messages: Sequence[Message]) -> tuple[list[int], Any]:
        """The tokens of a prompt that are still to be read, and the cache of those before them.

        Conversations that differ in their last message alone share what stands before it.
        """
        from transformers import DynamicCache

        prompt, before = self._prompt(messages), tuple(messages[:-1])
        if self._head is None or self._head[0] != before:
            cache = DynamicCache(config=self._model.config)
            head = self._shared_head(messages)
            if head:
                self._forward(head, cache)
            self._head = (before, head, cache)
        _, head, cache = self._head
        if head != prompt[: len(head)]:
            return prompt, DynamicCache(config=self._model.config)
        return prompt[len(head) :], copy.deepcopy(cache)

    def _shared_head(self, messages: Sequence[Message]) -> list[int]:
        """The first tokens of any conversation with these messages before the last."""
        if len(messages) < 2:
            return []
        last = messages[-1]
        one, other = (
            self._prompt([*messages[:-1], Message(last.role, text)]) for text in ("one", "2")
        )
        return [
            a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
        ]

    def _matcher(self, grammar: str) -> Any:
        """llguidance's state machine for a grammar over this model's tokens."""
        try:
            from llguidance import LLMatcher
            from llguidance.hf import from_tokenizer
        except ImportError as error:
            raise ModelUnavailable(
                "The library that constrains the writing model is not installed.", hint=_EXTRA
            ) from error
        if self._constrainer is None:
            try:
                self._constrainer = from_tokenizer(
                    self._tokenizer,
                    n_vocab=max(self._model.config.vocab_size, len(self._tokenizer)),
                    eos_token=sorted(self._ends),
                )
            except Exception as error:  # the library raises plain errors of several kinds
                raise ModelUnavailable(
                    f"The writing model {self.name!r} cannot be constrained: {error}."
                ) from error
        matcher = LLMatcher(self._constrainer, LLMatcher.grammar_from_lark(grammar), log_level=0)
        if matcher.is_error():
            raise ModelUnavailable(f"The grammar was refused: {matcher.get_error()}.")
        return matcher

    def _prompt(self, messages: Sequence[Message]) -> list[int]:
        """The token ids of a conversation in the model's own chat template, up to the reply."""
        chat = [{"role": m.role, "content": self._plain(m.content)} for m in messages]
        if getattr(self._tokenizer, "chat_template", None):
            text = self._templated(chat)
        else:
            text = "\n\n".join(turn["content"] for turn in chat) + "\n\n"
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def _templated(self, chat: list[dict[str, str]]) -> str:
        options = {"tokenize": False, "add_generation_prompt": True, "enable_thinking": False}
        try:
            return str(self._tokenizer.apply_chat_template(chat, **options))
        except Exception:  # a template may refuse the role `system`, each in its own way
            head = "\n\n".join(t["content"] for t in chat if t["role"] == "system")
            rest = [dict(t) for t in chat if t["role"] != "system"]
            rest[0]["content"] = f"{head}\n\n{rest[0]['content']}"
            return str(self._tokenizer.apply_chat_template(rest, **options))

    def _plain(self, text: str) -> str:
        """The text with the tokenizer's control tokens broken up: data may not steer the model."""
        for token in self._special:
            if len(token) > 1 and token in text:
                text = text.replace(token, f"{token[0]} {token[1:]}")
        return text


def load_gguf(path: Path) -> tuple[Any, Any]:
    """`(model, tokenizer)` of a GGUF file, unpacked to float32 and free of its packed form."""
    for library in ("accelerate", "gguf"):
        if importlib.util.find_spec(library) is None:
            raise ModelUnavailable(
                f"The library {library} is needed to unpack the writing model.", hint=_EXTRA
            )
    from transformers import AutoModelForCausalLM, AutoTokenizer

    where = {"gguf_file": path.name, "local_files_only": True}
    tokenizer = AutoTokenizer.from_pretrained(path.parent, **where)
    packed = AutoModelForCausalLM.from_pretrained(path.parent, **where)
    config = packed.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config  # transformers would refuse to save it
    model = AutoModelForCausalLM.from_config(config)
    model.load_state_dict(packed.state_dict())
    return model, tokenizer


def _load(path: Path, dtype: Any) -> tuple[Any, Any]:
    if path.suffix.lower() == ".gguf":
        return load_gguf(path)
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True)
    model = AutoModelForCausalLM.from_pretrained(
        path, local_files_only=True, use_safetensors=True, dtype=dtype
    )
    return model, tokenizer


def _end_tokens(model: Any, tokenizer: Any) -> frozenset[int]:
    """The tokens at which the reply ends, as the model's settings and its tokenizer say."""
    settings = getattr(model, "generation_config", None)
    named = getattr(settings, "eos_token_id", None)
    listed: Iterable[int | None] = named if isinstance(named, list) else [named]
    return frozenset(t for t in (*listed, tokenizer.eos_token_id) if t is not None)


def _likeliest(logits: Any, matcher: Any) -> int:
    """The token with the highest logit among those allowed; the lowest number of equals."""
    if matcher is None:
        return int(logits.argmax())
    import numpy as np
    import torch

    bits = np.unpackbits(np.frombuffer(matcher.compute_bitmask(), np.uint8), bitorder="little")
    allowed = np.zeros(len(logits), dtype=bool)
    allowed[: len(bits)] = bits[: len(logits)]
    barred = torch.from_numpy(~allowed).to(logits.device)
    return int(logits.masked_fill(barred, float("-inf")).argmax())
