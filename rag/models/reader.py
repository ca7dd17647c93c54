"""The trained reader: one cross-encoder that ranks, finds the span and knows when there is none.

The only file, with the embedder's, that imports torch and transformers; both on first use.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rag.errors import ModelUnavailable
from rag.models.bundled import check_sha256
from rag.models.packed_bert import PackedBert, packed_bert
from rag.models.processor import has_bfloat16
from rag.models.quiet import print_errors_only
from rag.models.tokens import local_path

if TYPE_CHECKING:
    import numpy as np

__all__ = ["CrossEncoder", "PassageReading", "SpanModel", "bundled_reader_path", "load_reader"]

#: Tokens of question and passage together; a passage of the chunker's size fits.
MAX_TOKENS = 320
#: Tokens of a longer question that are read, from its beginning and from its end: where it asks
#: is at one of them, and a passage needs room.
MAX_QUESTION = 160
BUNDLED_SHA256 = "6b6804eb5e1169a3539a9d81759aedc3480fe6737b5d6aa6929bfd7c381ba648"
BATCH = 16
FILES = ("model.safetensors", "config.json", "tokenizer.json")
_NEEDS = f"It needs {', '.join(FILES[:-1])} and {FILES[-1]}, as `rag train reader` leaves them."
#: The most by which the packed network's logits may differ from the plain one's on `PROBE`.
APART = 0.15
PROBE = (
    "Who signed the agreement?",
    (
        "The ministers of both countries signed the agreement in the evening of 14 March.",
        "The harbour was closed on 3 May 2021, after nine hours of talks about the fishing fleet.",
    ),
)


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the model says of one (question, passage) pair.

    `answerable` is a logit: above zero, the passage more likely answers than not. `starts` and
    `ends` are float32 (t,) logits of the passage's tokens, `null` the score of "no span here",
    `offsets` their half-open code-point offsets into the passage's text. The mean of `evidence`,
    float32 (t,), over the tokens of a sentence is the logit that the sentence answers.
    """

    answerable: float
    null: float
    starts: np.ndarray
    ends: np.ndarray
    evidence: np.ndarray
    offsets: tuple[tuple[int, int], ...]


class SpanModel(Protocol):
    """Reads a question against passages, all pairs in one call."""

    name: str

    def read(self, question: str, passages: Sequence[str]) -> list[PassageReading]: ...


def network(config: Any) -> Any:
    """The untrained network: a BERT encoder with heads for spans, evidence and answerability.

    Gives logits of starts, ends and evidence (batch, tokens, 3), and the answerability logit, read
    off the first token, (batch,).
    """
    import torch
    from torch import nn
    from transformers import BertModel, BertPreTrainedModel

    class ReaderNetwork(BertPreTrainedModel):  # type: ignore[misc]
        def __init__(self, config: Any) -> None:
            super().__init__(config)
            self.bert = BertModel(config, add_pooling_layer=False)
            self.qa_outputs = nn.Linear(config.hidden_size, 2)
            self.evidence = nn.Linear(config.hidden_size, 1)
            self.answerable = nn.Linear(config.hidden_size, 1)
            self.post_init()

        def tokens(self, hidden: Any) -> Any:
            """Logits (…, tokens, 3) of starts, ends and evidence."""
            return torch.cat((self.qa_outputs(hidden), self.evidence(hidden)), dim=-1)

        def forward(self, **inputs: Any) -> tuple[Any, Any]:
            hidden = self.bert(**inputs).last_hidden_state
            return self.tokens(hidden), self.answerable(hidden[:, 0])[:, 0]

    return ReaderNetwork if config is None else ReaderNetwork(config)


class CrossEncoder:
    """`SpanModel` on a folder that holds the trained network and its tokenizer."""

    name: str
    _packed: PackedBert | None

    def __init__(self, folder: Path, name: str) -> None:
        from transformers import AutoTokenizer

        print_errors_only()  # the reader loads before what else would silence it
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model, loading = network(None).from_pretrained(
            folder, local_files_only=True, output_loading_info=True
        )
        if loading["missing_keys"]:
            raise ModelUnavailable(
                f"The model in {folder} is no reader of this version.",
                hint="Train it with `rag train reader`; --base takes the older weights.",
            )
        self._set(model.float().eval(), tokenizer, name)
        self._packed = self._checked(packed_bert(self._model.bert, MAX_TOKENS))

    @classmethod
    def of(cls, model: Any, tokenizer: Any, name: str) -> CrossEncoder:
        """A reader on a network in memory, for instance one that is being trained."""
        reader = cls.__new__(cls)
        reader._set(model, tokenizer, name)
        return reader

    def _set(self, model: Any, tokenizer: Any, name: str) -> None:
        import torch

        self.name, self._torch = name, torch
        self._model, self._tokenizer = model, tokenizer
        self._packed = None

    def read(self, question: str, passages: Sequence[str]) -> list[PassageReading]:
        """One reading a passage, in the order given."""
        if self._packed is not None:
            with contextlib.suppress(RuntimeError, ArithmeticError):
                return self._read_packed(self._packed, question, passages)
        return self._read_plain(question, passages)

    def _read_packed(
        self, bert: PackedBert, question: str, passages: Sequence[str]
    ) -> list[PassageReading]:
        """Without padding; `ArithmeticError` where numbers outgrow the arithmetic."""
        if not passages:
            return []
        tokens = self._tokens(question, passages)
        order = sorted(range(len(passages)), key=lambda i: -len(tokens["input_ids"][i]))
        jobs = [(tokens["input_ids"][i], tokens["token_type_ids"][i]) for i in order]
        outputs: dict[int, tuple[Any, float]] = dict(
            zip(order, bert.each(partial(self._heads, bert), jobs), strict=True)
        )
        return [
            _reading(*outputs[i], tokens.sequence_ids(i), tokens["offset_mapping"][i])
            for i in range(len(passages))
        ]

    def _heads(self, bert: PackedBert, job: tuple[list[int], list[int]]) -> tuple[Any, float]:
        """Token logits float32 (t, 3) and the answerability logit of one pair."""
        torch = self._torch
        with torch.inference_mode():
            hidden = bert.hidden(torch.tensor(job[0]), torch.tensor(job[1]))
            tokens = self._model.tokens(hidden)
            answerable = float(self._model.answerable(hidden[0])[0])
        if not math.isfinite(answerable):
            raise ArithmeticError("a logit that is not finite")
        return tokens.numpy(), answerable

    def _checked(self, bert: PackedBert | None) -> PackedBert | None:
        """The packed network where it reads as the plain one does."""
        if bert is None:
            return None
        try:
            found = self._read_packed(bert, *PROBE)
        except (RuntimeError, AttributeError, ArithmeticError, NotImplementedError):
            return None
        plain = self._read_plain(*PROBE)
        apart = [abs(a.answerable - b.answerable) for a, b in zip(found, plain, strict=True)]
        return bert if max(apart) <= APART else None

    def _read_plain(self, question: str, passages: Sequence[str]) -> list[PassageReading]:
        """Pairs of like length share a padded batch."""
        order = sorted(range(len(passages)), key=lambda i: len(passages[i]))
        readings: dict[int, PassageReading] = {}
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            batch = self._read_batch(question, [passages[i] for i in chosen])
            readings.update(zip(chosen, batch, strict=True))
        return [readings[i] for i in range(len(passages))]

    def _read_batch(self, question: str, passages: list[str]) -> list[PassageReading]:
        torch = self._torch
        tokens = self._tokens(question, passages, padding=True, return_tensors="pt")
        offsets = tokens.pop("offset_mapping").tolist()
        device = self._model.device
        half = torch.autocast(device.type, dtype=torch.bfloat16, enabled=has_bfloat16(torch))
        with torch.inference_mode(), half:
            given, answerable = self._model(**tokens.to(device))
        logits = given.float().cpu().numpy()
        return [
            _reading(logits[i], float(answerable[i]), tokens.sequence_ids(i), offsets[i])
            for i in range(len(passages))
        ]

    def _tokens(self, question: str, passages: Sequence[str], **options: object) -> Any:
        return self._tokenizer(
            [self._shortened(question)] * len(passages),
            list(passages),
            truncation="only_second",
            max_length=MAX_TOKENS,
            return_offsets_mapping=True,
            return_token_type_ids=True,
            **options,
        )

    def _shortened(self, question: str) -> str:
        """The question, or the beginning and the end of a long one."""
        found = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)
        places, half = found["offset_mapping"], MAX_QUESTION // 2
        if len(places) <= MAX_QUESTION:
            return question
        return f"{question[: places[half - 1][1]]} {question[places[-half][0] :]}"


def _reading(
    logits: np.ndarray,
    answerable: float,
    parts: Sequence[int | None],
    offsets: Sequence[Sequence[int]],
) -> PassageReading:
    """The reading of one pair from its logits (t, 3); `parts` says which tokens are passage."""
    places = [k for k, part in enumerate(parts) if part == 1]
    return PassageReading(
        answerable=answerable,
        null=float(logits[0, :2].sum()),
        starts=logits[places, 0],
        ends=logits[places, 1],
        evidence=logits[places, 2],
        offsets=tuple((offsets[k][0], offsets[k][1]) for k in places),
    )


def bundled_reader_path() -> Path | None:
    """The folder of the reader that ships with this package; None where it was left out.

    Raises `ModelUnavailable` where its weights are not the ones that were shipped.
    """
    folder = Path(__file__).resolve().parents[1] / "data" / "reader"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        return None
    check_sha256(weights, BUNDLED_SHA256)
    return folder


def load_reader(folder: str | Path) -> CrossEncoder:
    """Loads a trained reader from a folder; `ModelUnavailable` when it holds none."""
    path = local_path(str(folder)) or Path(folder)
    # Without its tokenizer the library would make up one that knows no word.
    if not all((path / name).is_file() for name in FILES):
        raise ModelUnavailable(f"There is no trained reader in {path}.", hint=_NEEDS)
    try:
        return CrossEncoder(path, path.name)
    except ModelUnavailable:
        raise
    except Exception as error:  # whatever a damaged folder makes the library raise
        raise ModelUnavailable(
            f"The reader in {path} cannot be loaded: {type(error).__name__}.", hint=_NEEDS
        ) from error
