"""The training loop: steps, checks on held-out documents, checkpoints that a run resumes from."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.errors import BadInput
from rag.models.processor import has_bfloat16
from rag.models.reader import CrossEncoder
from rag.train.batches import Batch, batches
from rag.train.check import Check, check
from rag.train.examples import Example
from rag.train.pairs import PairMaker
from rag.train.prepare import load_base, prepare_folder, training_data
from rag.train.recipe import Recipe

__all__ = ["train_reader"]

LOG_EVERY = 50

#: Epochs without a pair after which there will be none: each draws its near misses anew.
EMPTY_EPOCHS = 50


def train_reader(
    recipe: Recipe, out: Path, *, resume: bool = False, report: Callable[[str], None] = print
) -> Check | None:
    """Trains as the recipe says and leaves in `out/best` the weights that did best.

    Best is by the questions of the held-out documents; without any, the last weights are kept.
    `out` holds the recipe, `log.jsonl` and the last checkpoint, from which `resume` goes on.
    Raises `BadInput` for data that cannot be read or is too little, and for an `out` that holds
    another run.
    """
    train, held = training_data(recipe)
    prepare_folder(recipe, out, resume=resume)
    return _Run(recipe, out, report).train(train, held)


class _Run:
    def __init__(self, recipe: Recipe, out: Path, report: Callable[[str], None]) -> None:
        import torch

        self._torch = torch
        self._recipe = recipe
        self._out = out
        self._report = report
        torch.manual_seed(recipe.seed)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._tokenizer, self._model = load_base(recipe, out)
        self._model.float().to(self._device).train()
        self._half = has_bfloat16(torch)
        if self._half:
            self._model.bert.embeddings.register_forward_hook(_as_bfloat16)
        _freeze(self._model.bert, recipe.frozen_layers)
        self._average = _running_mean(self._model, recipe.averaged)
        self._optimizer = self._adamw()
        self._step, self._epoch, self._in_epoch, self._best = 0, 0, 0, -1.0
        self._elapsed, self._began = 0.0, time.monotonic()
        if (out / "last").exists():
            self._restore(out / "last")

    def train(self, train: Sequence[Example], held: Sequence[Example]) -> Check | None:
        maker = PairMaker(train, near_misses=self._recipe.near_misses)
        sample = _sample(held, self._recipe.check_questions)
        self._report(f"questions to train on: {len(train)}, held out: {len(held)}")
        total, counted = 0.0, 0
        for batch in self._batches(maker):
            progress = self._progress()
            if progress >= 1.0:
                break
            total += self._learn(batch, progress)
            counted += 1
            if self._step % LOG_EVERY == 0:
                self._log(loss=round(total / counted, 4))
                total, counted = 0.0, 0
            if self._step % self._recipe.save_every_steps == 0:
                self._save("last")
                self._check(sample)
        self._save("last")
        return self._check(list(held), last=True)

    def _batches(self, maker: PairMaker) -> Iterator[Batch]:
        """Batches without end; a resumed run passes over those of its epoch that it has seen."""
        size = self._recipe.pairs_per_batch
        empty = 0
        while empty < EMPTY_EPOCHS:
            seed = self._recipe.seed * 1000 + self._epoch
            pairs = maker.epoch(seed)
            if pairs:
                self._report(f"epoch {self._epoch}: {len(pairs)} pairs")
            seen, self._in_epoch = self._in_epoch, 0
            for batch in batches(pairs, self._tokenizer, size, random.Random(seed)):
                self._in_epoch += 1
                if self._in_epoch > seen:
                    yield batch
            empty = 0 if self._in_epoch else empty + 1
            self._epoch, self._in_epoch = self._epoch + 1, 0
        raise BadInput(
            "The training data gives no near misses, beside which its answers could be learnt.",
            hint="Add questions on other paragraphs, or some that their paragraph does not answer.",
        )

    def _learn(self, batch: Batch, progress: float) -> float:
        """One step; returns its loss."""
        torch, recipe = self._torch, self._recipe
        rate = recipe.learning_rate * min(1.0, (self._step + 1) / recipe.warmup_steps)
        for group in self._optimizer.param_groups:
            group["lr"] = rate * (1.0 - progress)
        with torch.autocast(self._device, dtype=torch.bfloat16, enabled=self._half):
            logits, answerable = self._model(
                input_ids=batch.ids.to(self._device),
                token_type_ids=batch.types.to(self._device),
                attention_mask=batch.mask.to(self._device),
            )
        loss = self._loss(batch, logits.float(), answerable.float())
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimizer.step()
        self._average.update_parameters(self._model)
        self._step += 1
        return float(loss.detach())

    def _loss(self, batch: Batch, logits: Any, answerable: Any) -> Any:
        """Where the span is, whether there is one, which of the pair has it, and in what sentence.

        `logits` are (2n, tokens, 3), `answerable` (2n,), as the network gives them.
        """
        functional = self._torch.nn.functional
        hidden = (batch.mask == 0)[:, :, None].to(self._device)
        spans = logits[:, :, :2].masked_fill(hidden, -1e4)
        span = functional.cross_entropy(spans[:, :, 0], batch.starts.to(self._device))
        span = span + functional.cross_entropy(spans[:, :, 1], batch.ends.to(self._device))
        pairs = len(answerable) // 2
        gold = self._torch.zeros_like(answerable)
        gold[:pairs] = 1.0
        there = functional.binary_cross_entropy_with_logits(answerable, gold)
        which = functional.softplus(answerable[pairs:] - answerable[:pairs]).mean()
        recipe = self._recipe
        answered = recipe.answerable_weight * there + recipe.pair_weight * which
        return span / 2 + answered + recipe.evidence_weight * evidence_loss(batch, logits[:, :, 2])

    def _progress(self) -> float:
        parts = [self._step / self._recipe.steps]
        if self._recipe.minutes:
            parts.append(self._seconds() / (60 * self._recipe.minutes))
        return max(parts)

    def _seconds(self) -> float:
        return self._elapsed + time.monotonic() - self._began

    def _adamw(self) -> Any:
        learned = [p for p in self._model.parameters() if p.requires_grad]
        decayed = [p for p in learned if p.ndim > 1]
        plain = [p for p in learned if p.ndim <= 1]
        groups = [
            {"params": decayed, "weight_decay": self._recipe.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ]
        return self._torch.optim.AdamW(groups, lr=self._recipe.learning_rate, fused=True)

    def _check(self, held: Sequence[Example], *, last: bool = False) -> Check | None:
        """Scores the held-out questions and keeps the weights if they are the best so far."""
        if not held:
            if last:
                self._save("best", weights_only=True)
            return None
        reader = CrossEncoder.of(self._average.module.eval(), self._tokenizer, "trained")
        result = check(reader, held)
        self._log(**result.as_dict())
        if result.score > self._best or last:
            kept = self._best
            self._best = max(self._best, result.score)
            if result.score >= kept - 0.005:
                self._save("best", weights_only=True)
        return result

    def _log(self, **values: object) -> None:
        record = {
            "step": self._step,
            "epoch": self._epoch,
            "minutes": round(self._seconds() / 60, 1),
            **values,
        }
        with (self._out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        self._report(", ".join(f"{k} {v}" for k, v in record.items()))

    def _save(self, name: str, *, weights_only: bool = False) -> None:
        """Writes beside and moves into place, so that a cut run leaves a whole checkpoint."""
        folder, made = self._out / name, self._out / f"{name}.new"
        _remove(made)
        (self._average.module if weights_only else self._model).save_pretrained(made)
        self._tokenizer.save_pretrained(made)
        if not weights_only:
            state = {
                "optimizer": self._optimizer.state_dict(),
                "average": self._average.state_dict(),
                "step": self._step,
                "epoch": self._epoch,
                "in_epoch": self._in_epoch,
                "best": self._best,
                "elapsed": self._seconds(),
            }
            self._torch.save(state, made / "state.pt")
        _remove(folder)
        made.replace(folder)

    def _restore(self, folder: Path) -> None:
        state = self._torch.load(folder / "state.pt", weights_only=True)
        self._optimizer.load_state_dict(state["optimizer"])
        self._average.load_state_dict(state["average"])
        self._step, self._epoch = state["step"], state["epoch"]
        self._in_epoch, self._best = state["in_epoch"], state["best"]
        self._elapsed = state["elapsed"]


def evidence_loss(batch: Batch, logits: Any) -> Any:
    """Whether each sentence answers, and which sentences of a pair do; `logits` are (2n, tokens).

    A sentence's logit is the mean of its tokens'.
    """
    import torch
    from torch.nn import functional

    gold = batch.gold.to(logits.device)
    owner = batch.sentences.to(logits.device)
    empty = torch.zeros(len(gold), gold.shape[1] + 1, device=logits.device)
    counts = empty.scatter_add(1, owner, torch.ones_like(logits))[:, 1:].clamp(min=1)
    scores = empty.scatter_add(1, owner, logits)[:, 1:] / counts
    there, answers = gold >= 0, gold > 0
    each = functional.binary_cross_entropy_with_logits(scores[there], gold[there])
    pairs = len(gold) // 2
    scores = scores.masked_fill(~there, -1e4)
    both = torch.cat((scores[:pairs], scores[pairs:]), dim=1).logsumexp(1)
    right = scores[:pairs].masked_fill(~answers[:pairs], -1e4).logsumexp(1)
    told = answers[:pairs].any(1)
    which = ((both - right) * told).sum() / told.sum().clamp(min=1)
    return 2 * each + which


def _running_mean(model: Any, decay: float) -> Any:
    """The exponential mean of the weights over the steps: steadier than where the last one ends.

    It forgets faster at first, so that a short run does not keep the untrained weights.
    """
    from torch.optim.swa_utils import AveragedModel

    def mean(average: Any, weights: Any, steps: Any) -> Any:
        kept = min(decay, (1 + float(steps)) / (10 + float(steps)))
        return average.lerp(weights, 1 - kept) if average.is_floating_point() else weights

    return AveragedModel(model, avg_fn=mean)


def _freeze(encoder: Any, layers: int) -> None:
    """Leaves the word vectors and the lowest layers out of the training; nothing for no layers."""
    if layers > 0:
        for part in (encoder.embeddings, *encoder.encoder.layer[:layers]):
            part.requires_grad_(False)


def _sample(held: Sequence[Example], count: int) -> list[Example]:
    chosen = list(held)
    random.Random(0).shuffle(chosen)
    return chosen[:count]


def _as_bfloat16(module: Any, inputs: Any, output: Any) -> Any:
    """Keeps the residual stream in the type of the products, a tenth quicker on a CPU.

    Only while training: a reader in float32 reads its checks in float32.
    """
    return output.bfloat16() if module.training else output


def _remove(folder: Path) -> None:
    if folder.exists():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
