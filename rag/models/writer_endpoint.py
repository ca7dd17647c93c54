"""A writer behind an OpenAI-compatible endpoint: Ollama, a llama.cpp server, vLLM and the like.

The standard library's HTTP client is enough for one streaming POST, so none is added.
"""

from __future__ import annotations

import ipaddress
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from http.client import responses as phrases
from typing import Any
from urllib.parse import urlsplit

from rag.errors import BadInput, ModelUnavailable
from rag.models.writer import Message, Writer

__all__ = ["EndpointWriter", "open_writer"]

TIMEOUT_SECONDS = 60.0
"""Of silence: how long the server may say nothing, at the start or between two pieces."""
ATTEMPTS = 3
PAUSE_SECONDS = 0.5
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_REFUSED = frozenset({400, 422})
"""What servers answer to a field that they or the model do not know, each to others."""
_THINKS, _THOUGHT = "<think>", "</think>"
_MAX_LINE = 1_000_000
_SEE = "See that the server runs, that the URL ends like …/v1 and that RAG_API_KEY fits."
_ITS_LOG = "The request itself was refused; the server's log says why."
_NOT_THERE = "See that the server has a model of that name and that the URL ends like …/v1."
#: What reading no JSON raises; brackets without end are too deep.
_NO_JSON = (ValueError, RecursionError)
#: No tokenizer has more characters a token on average, over any text; stops an endless reply.
_CHARACTERS_A_TOKEN = 16


def open_writer(url: str) -> Writer:
    """The endpoint at a URL, not asked anything yet; `BadInput` where the URL cannot be one."""
    return EndpointWriter(url)


class EndpointWriter:
    """`Writer` on a base URL; the model's name may follow after `#`, else it is the first listed.

    The key comes from `RAG_API_KEY`. `OPENAI_API_KEY` is sent to OpenAI's own hosts and to no
    others, since it was given for them. A redirect is an error: it would carry the key elsewhere.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        parts = _checked(url)
        self._base = f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")
        self._model = parts.fragment or None
        self._timeout = timeout
        self._plainly_asked = False
        key = _key(os.environ if environ is None else environ, parts.hostname)
        self._headers = {"Content-Type": "application/json", "User-Agent": "rag"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._opener = urllib.request.build_opener(_NoRedirect, *_without_proxy(parts.hostname))
        self.name = f"{self._base}#{self._model}" if self._model else self._base

    def count_tokens(self, text: str) -> int:
        """An upper estimate: a token has at least two characters on average in common scripts."""
        return (len(text.encode("utf-8")) + 1) // 2

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, grammar: str | None = None
    ) -> Iterator[str]:
        """The reply piece by piece; the grammar is left out, since servers differ in them."""
        needed = {
            "model": self._model or self._first_model(),
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "stream": True,
        }
        full = {**needed, "max_tokens": max_tokens, "temperature": 0, "seed": 0}
        most = max_tokens * _CHARACTERS_A_TOKEN
        with self._asked(needed, full) as response:
            yield from _without_thoughts(_at_most(most, self._pieces(response)))

    def _asked(self, needed: Mapping[str, object], full: Mapping[str, object]) -> HTTPResponse:
        """The response to the full request, or to the needed part where the full one is refused."""
        if not self._plainly_asked:
            with suppress(_RequestRefused):
                return self._open("/chat/completions", full)
        opened = self._open("/chat/completions", needed)
        self._plainly_asked = True
        return opened

    def _first_model(self) -> str:
        """The first model that the server lists, kept for later calls."""
        with self._open("/models", None) as response:
            try:
                found = json.loads(response.read(_MAX_LINE))["data"][0]["id"]
                if not (isinstance(found, str) and found.isprintable()):
                    raise ValueError("a name that is none")
            except (OSError, HTTPException, *_NO_JSON, LookupError, TypeError) as error:
                raise ModelUnavailable(
                    f"The server at {self._base} lists no model.",
                    hint="Name one after the URL: --model http://…/v1#NAME.",
                ) from error
        self._model = found
        self.name = f"{self._base}#{self._model}"
        return found

    def _open(self, path: str, body: Mapping[str, object] | None) -> HTTPResponse:
        """Sends a request; tries again after what passes by itself, with growing pauses."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data=data, headers=self._headers)
        reason, hint, kind = "", _SEE, ModelUnavailable
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(PAUSE_SECONDS * 2 ** (attempt - 1))
            try:
                opened: HTTPResponse = self._opener.open(request, timeout=self._timeout)
                return opened
            except urllib.error.HTTPError as error:
                with error:
                    # The server's own words could hold anything, the key too.
                    reason = f"it answered {error.code} {phrases.get(error.code, '')}".strip()
                if error.code == 404:
                    hint = _NOT_THERE
                if error.code in _REFUSED:
                    hint, kind = _ITS_LOG, _RequestRefused
                if error.code not in _PASSING:
                    break
            except (OSError, HTTPException) as error:
                reason = _plainly(error)
        raise kind(f"The writing model at {self._base} cannot be used: {reason}.", hint=hint)

    def _pieces(self, response: HTTPResponse) -> Iterator[str]:
        """The text of the events of a stream, or of one JSON object where there is no stream."""
        answered = False
        try:
            for part, event in _events(response):
                piece = _text(event, part)
                answered = answered or piece is not None
                if piece:
                    yield piece
            if not answered:
                raise ValueError("it sent something else than an answer")
        except (OSError, HTTPException, *_NO_JSON) as error:
            raise ModelUnavailable(
                f"The writing model at {self._base} broke off: {_plainly(error)}.",
                hint="Ask again, or leave --composer out for an answer in the sources' own words.",
            ) from error


class _RequestRefused(ModelUnavailable):
    """The server understood that it was asked, and did not take what was sent."""


def _events(response: HTTPResponse) -> Iterator[tuple[str, Any]]:
    """Each event with the name of what holds its text; a reply that is no stream is one."""
    if "json" in response.headers.get_content_type():
        yield "message", json.loads(response.read(_MAX_LINE))
        return
    while line := response.readline(_MAX_LINE):
        name, _, value = line.decode("utf-8", "replace").strip().partition(":")
        if name != "data":
            continue
        if value.strip() == "[DONE]":
            return
        yield "delta", json.loads(value)


def _at_most(characters: int, pieces: Iterator[str]) -> Iterator[str]:
    for piece in pieces:
        yield piece[:characters]
        characters -= len(piece)
        if characters <= 0:
            return


def _without_thoughts(pieces: Iterator[str]) -> Iterator[str]:
    """The reply behind the thoughts that a reasoning model may begin with; none is no reply."""
    begun = ""
    for piece in pieces:
        begun += piece
        thoughts, closed, said = begun.lstrip().partition(_THOUGHT)
        if closed and thoughts.startswith(_THINKS):
            begun = said
        elif thoughts.startswith(_THINKS) or _THINKS.startswith(thoughts):
            continue
        yield begun
        yield from pieces
        return
    if not begun.lstrip().startswith(_THINKS):
        yield begun


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _without_proxy(host: str) -> list[urllib.request.BaseHandler]:
    """What keeps a server on this machine from being asked for at a proxy: that has another."""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    return [urllib.request.ProxyHandler({})] if here else []


def _checked(url: str) -> Any:
    try:
        parts = urlsplit(url)
        named = parts.hostname and (parts.port or True)
    except ValueError:
        named = None
    sent = url.partition("#")[0]
    plain = sent.isascii() and sent.isprintable() and " " not in sent
    if not named or not plain or parts.username is not None or parts.query:
        raise BadInput(
            "The URL of --model must be like http://localhost:8080/v1, or with #MODEL after it.",
            hint="A key goes into the environment as RAG_API_KEY, not into the URL.",
        )
    return parts


def _key(environ: Mapping[str, str], host: str) -> str | None:
    """The key to send, never one that an error about it would have to show."""
    name, key = "RAG_API_KEY", environ.get("RAG_API_KEY", "").strip()
    if not key and (host == "openai.com" or host.endswith(".openai.com")):
        name, key = "OPENAI_API_KEY", environ.get("OPENAI_API_KEY", "").strip()
    if not (key.isascii() and key.isprintable()):
        raise BadInput(
            f"The key in {name} holds signs that no key has, such as a line end or a letter"
            " beyond ASCII.",
            hint="Set it again, as it was given.",
        )
    return key or None


def _text(event: Any, part: str) -> str | None:
    """The text of one event, None where it is no part of an answer.

    An error that the server reports inside its stream is raised.
    """
    if not isinstance(event, dict):
        raise ValueError("it sent something else than an answer")
    if event.get("error"):
        raise ValueError("it reported an error")
    choices = event.get("choices")
    if not isinstance(choices, list):
        return None
    first = choices[0] if choices else {}
    said = first.get(part) if isinstance(first, dict) else None
    content = said.get("content") if isinstance(said, dict) else None
    if not isinstance(content, str):
        return ""
    return content.encode("utf-8", "replace").decode("utf-8")  # half a pair of surrogates


def _plainly(error: Exception) -> str:
    """What went wrong, in words."""
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError):
        return "it did not answer in time"
    if isinstance(cause, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, (json.JSONDecodeError, RecursionError)):
        return "it sent no valid JSON"
    if isinstance(error, ValueError):
        return str(error)
    if isinstance(error, (HTTPException, ConnectionError)):
        return "it closed the connection or does not speak HTTP"
    return getattr(cause, "strerror", None) or type(cause).__name__
