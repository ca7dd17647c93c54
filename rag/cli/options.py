"""The options that mean the same in every command, given to it as one `Settings`."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from rag.config import KEYS, Settings, load_settings, named_path
from rag.errors import BadInput

__all__ = ["DebugOption", "JsonOption", "State", "settings_from", "state", "takes"]


class State:
    """What `run()` needs to know after a command has failed."""

    debug = False


state = State()


def _set_debug(value: bool) -> None:
    state.debug = state.debug or value


JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON on standard output and nothing else there.")
]
DebugOption = Annotated[
    bool,
    typer.Option("--debug", help="Show the traceback of an error.", callback=_set_debug),
]

#: Numbers come as they were typed: the settings check them, wherever they were given.
_OPTIONS: dict[str, Any] = {
    "index": Annotated[
        Path | None,
        typer.Option(
            "--index",
            metavar="DIR",
            help="Folder of the index. [default: index]",
            parser=named_path,
        ),
    ],
    "store": Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="URL",
            help="Copy of an index in Milvus: http://HOST:PORT[/NAME] or milvus:FILE.db.",
        ),
    ],
    "faiss": Annotated[
        str | None,
        typer.Option(
            "--faiss",
            metavar="KIND",
            help="How vectors are searched: flat (exact), ivf (groups), auto (by their number)."
            " [default: as before, at first auto]",
        ),
    ],
    "engine": Annotated[
        str | None,
        typer.Option("--engine", metavar="NAME", help="Embed in parallel on an engine: ray."),
    ],
    "engine_address": Annotated[
        str | None,
        typer.Option(
            "--engine-address", metavar="ADDRESS", help="Its cluster. [default: this machine]"
        ),
    ],
    "top_k": Annotated[
        str | None,
        typer.Option("--top-k", metavar="N", help="How many passages to retrieve. [default: 10]"),
    ],
    "since": Annotated[
        str | None,
        typer.Option(
            "--since", metavar="DATE", help="Only documents of this date (YYYY[-MM[-DD]]) or later."
        ),
    ],
    "until": Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="Only documents of this date or earlier."),
    ],
    "as_of": Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help="Only documents published by the end of this date."
        ),
    ],
    "source": Annotated[
        str | None,
        typer.Option(
            "--source", metavar="GLOB", help="Only sources whose path or file name matches."
        ),
    ],
    "speaker": Annotated[
        str | None,
        typer.Option(
            "--speaker",
            metavar="NAME",
            help="Only what the documents let somebody of this name say.",
        ),
    ],
    "composer": Annotated[
        str | None,
        typer.Option(
            "--composer",
            metavar="NAME",
            help="extractive (the sources' own sentences) or generative. [default: extractive]",
        ),
    ],
    "embedder": Annotated[
        str | None,
        typer.Option(
            "--embedder",
            metavar="MODEL",
            help="Embedding model: Hugging Face id or local folder. [default: the bundled one]",
        ),
    ],
    "reader": Annotated[
        str | None,
        typer.Option(
            "--reader",
            metavar="MODEL",
            help="Reading model: local folder, or similarity for none. [default: the bundled one]",
        ),
    ],
    "model": Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="MODEL",
            help="Writing model: Hugging Face id, local folder, or http(s):// base URL with #NAME"
            " of the model there.",
        ),
    ],
    "risk": Annotated[
        str | None,
        typer.Option(
            "--risk",
            metavar="SHARE",
            help="Share of wrong answers to put up with, between 0 and 1. [default: as fitted]",
        ),
    ],
    "read_ms": Annotated[
        str | None,
        typer.Option(
            "--read-ms",
            metavar="MS",
            help="Milliseconds in which passages are read; fewer are where time runs out.",
        ),
    ],
}

FILTERS = ("since", "until", "as_of", "source", "speaker")
MODELS = ("composer", "embedder", "reader", "model", "risk", "read_ms")


def takes(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the named options, `--index` and `--debug`.

    The command is called with `settings`, read from file, environment and those options, in
    their place. An unreadable setting is a `BadInput`.
    """
    keys = ("index", *names)

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        def called(debug: bool, **given: Any) -> None:
            overrides = {key: given.pop(key) for key in keys}
            command(settings=settings_from(overrides), **given)

        hints = get_type_hints(command, include_extras=True)
        own = [
            p.replace(annotation=hints[p.name])
            for p in inspect.signature(command).parameters.values()
            if p.name != "settings"
        ]
        added = [_option(key, None, _OPTIONS[key]) for key in keys]
        parameters = [*own, *added, _option("debug", False, DebugOption)]
        called.__name__, called.__doc__ = command.__name__, command.__doc__
        called.__module__ = command.__module__
        called.__annotations__ = {p.name: p.annotation for p in parameters}
        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return called

    return decorate


def settings_from(overrides: dict[str, Any]) -> Settings:
    """The settings of this process: its working directory, environment and the given flags.

    A writing model of the file or the environment waits for the composer that uses it.
    """
    given = {key: overrides.get(key) for key in KEYS}
    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        hint = "Go to one that is, for example with `cd`."
        raise BadInput("The current folder is not there any more.", hint=hint) from error
    settings = load_settings(given, cwd=here, environ=os.environ)
    unused = given["model"] is None and settings.composer != "generative"
    return replace(settings, model=None) if unused else settings


def _option(name: str, default: object, annotation: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)
