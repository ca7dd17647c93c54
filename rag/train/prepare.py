"""What a run needs before it begins: its questions, weights to start from, a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.errors import BadInput, ModelUnavailable
from rag.models.bundled import bundled_embedder_path
from rag.models.quiet import print_errors_only
from rag.models.reader import network
from rag.train.examples import Example, read_examples, split_by_document
from rag.train.recipe import Recipe

__all__ = ["load_base", "prepare_folder", "training_data"]


def training_data(recipe: Recipe) -> tuple[list[Example], list[Example]]:
    """(training, held out); `BadInput` where there is nothing to train on."""
    examples = [e for path in recipe.data for e in read_examples(Path(path))]
    train, held = split_by_document(examples, frozenset(recipe.held_out))
    if not any(e.answerable for e in train):
        hint = "All that have one are held out." if any(e.answerable for e in held) else None
        raise BadInput("The training data holds no question with an answer.", hint=hint)
    return train, held


def prepare_folder(recipe: Recipe, out: Path, *, resume: bool) -> None:
    """Makes the folder of a run; what another run, or anyone, has left there is not written over.

    Raises `BadInput`, also where there are no weights to start from.
    """
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out} is a file.", hint="Name a folder with --out.")
    if not resume:
        if (out / "last").exists():
            raise BadInput(
                f"{out} holds a training run.", hint="Go on with --resume, or name another folder."
            )
        if (out / "best").exists():
            raise BadInput(f"{out} holds a reader in best.", hint="Give another folder with --out.")
    _check_base(recipe.base)
    out.mkdir(parents=True, exist_ok=True)
    recipe.save(out)


def _check_base(base: str | None) -> None:
    if base is not None and not (Path(base) / "config.json").is_file():
        raise BadInput(
            f"There is no model to start from in {base}.",
            hint="--base takes a folder with a reader or a BERT encoder.",
        )


def load_base(recipe: Recipe, out: Path) -> tuple[Any, Any]:
    """(tokenizer, network): those of the run's last checkpoint, else those to start from."""
    from transformers import AutoTokenizer

    print_errors_only()
    last = out / "last"
    folder = last if last.exists() else Path(recipe.base or bundled_embedder_path())
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        # Eager attention without dropout: on a CPU, drawing the noise costs a third of the time.
        model = network(None).from_pretrained(
            folder,
            local_files_only=True,
            attn_implementation="eager",
            attention_probs_dropout_prob=0.0,
            hidden_dropout_prob=0.0,
        )
    except (OSError, ValueError, RuntimeError) as error:
        why = str(error).strip().partition("\n")[0]
        raise ModelUnavailable(
            f"The model in {folder} cannot be loaded ({why}).",
            hint="--base takes a folder with a reader or a BERT encoder.",
        ) from error
    return tokenizer, model
