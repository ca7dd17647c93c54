"""What goes on at the prompt: questions with their history, and the commands that begin with /."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from rag.cli.output import is_terminal, show, write_json
from rag.cli.session import limits, watched
from rag.cli.show import find_document
from rag.cli.worker import AssistantThread
from rag.config import Settings, check_range, parse_date
from rag.errors import BadInput
from rag.render.answers import answer_lines, source_lines
from rag.render.documents import context_of, document_lines
from rag.render.lines import Line, Piece, line
from rag.types import Answer, Span, Turn

__all__ = ["COMMANDS", "Conversation", "is_command"]

COMMANDS = {
    "/sources": "the sources of the last answer",
    "/open": "N: the paragraph that citation [N] of the last answer points at, in its context",
    "/since": "DATE: only documents of this date or later; without a date, no limit",
    "/until": "DATE: only documents of this date or earlier; without a date, no limit",
    "/as-of": "DATE: only documents published by then; without a date, no limit",
    "/source": "GLOB: only sources whose path or file name matches; without it, all",
    "/speaker": "NAME: only what somebody of this name says; without it, everybody",
    "/clear": "forget the conversation (the limits stay)",
    "/help": "this list",
    "/quit": "leave (or Ctrl-D)",
}

_QUITTING = ("/quit", "/exit", "/q")

#: What people type to leave and for help, and what they say without asking anything.
_LEAVING = frozenset(("quit", "exit", "bye", "goodbye"))
_COURTEOUS = frozenset(
    "thanks|thank you|thx|many thanks|no thanks|ok|okay|yes|no|sure|great|good|nice|cool|hello|hi"
    "|hey|please|yes please|i see|got it".split("|")
)


#: Marks that people set around a name with spaces, as a shell asks for.
_QUOTES = {'"': '"', "'": "'", "“": "”"}


def is_command(typed: str) -> bool:
    """Whether the first word is one of the commands."""
    name = "".join(typed.split(maxsplit=1)[:1]).casefold()
    return name in COMMANDS or name in _QUITTING


class Conversation:
    """Takes what was typed and prints what comes of it; keeps the turns and the limits."""

    def __init__(
        self,
        assistant: AssistantThread,
        settings: Settings,
        *,
        as_json: bool = False,
        spaced: bool = False,
    ) -> None:
        """`spaced` puts a blank line between what two lines of input brought about."""
        self.settings = settings
        self._assistant = assistant
        self.as_json = as_json
        self._spaced = spaced
        self._spoken = False
        self._turns: list[Turn] = []
        self._last: Answer | None = None
        self._has_changed = assistant.call(lambda a: watched(a.index))
        self._warned = False
        self._actions: dict[str, Callable[[str], None]] = {
            "/sources": self._show_sources,
            "/open": self._open,
            "/since": self._limit_since,
            "/until": self._limit_until,
            "/as-of": self._limit_as_of,
            "/source": self._limit_source,
            "/speaker": self._limit_speaker,
            "/clear": self._clear,
            "/help": self._help,
        }

    def take(self, typed: str) -> bool:
        """Answers a question or follows a command; False when it is time to leave.

        Raises `RagError` for what cannot be done; the conversation goes on as it was.
        """
        typed = typed.strip()
        if not typed:
            return True
        said = " ".join(typed.lower().strip(" .!,").split())
        if said in _LEAVING:
            return False
        if not typed.startswith("/"):
            self._answer(typed, said)
            return True
        first, *rest = typed.split(maxsplit=1)
        name = first.casefold()
        if name in _QUITTING:
            return False
        action = self._actions.get(name)
        if action is None:
            raise _unknown_command(name)
        action(_unquoted("".join(rest)))
        return True

    def note(self, typed: str) -> None:
        """Writes down what was typed, for a file that is to hold the whole conversation."""
        self._say([line(f"> {typed}")])

    def limits_shown(self) -> str:
        """The limits in force, for the prompt: ` since 2022 *.txt` or nothing."""
        given = self.settings
        since = f" since {given.since}" if given.since else ""
        until = f" until {given.until}" if given.until else ""
        as_of = f" as of {given.as_of}" if given.as_of else ""
        speaker = f" by {given.speaker}" if given.speaker else ""
        return since + until + as_of + (f" {given.source}" if given.source else "") + speaker

    def _answer(self, typed: str, said: str) -> None:
        """Answers a question; what asks nothing is not taken for the last question once more."""
        if said == "help":
            self._help("")
        elif said in _COURTEOUS:
            self._say([line(Piece("Ask a question; /help lists the commands.", "dim"))])
        else:
            self._ask(typed)

    def _ask(self, question: str) -> None:
        self._warn_of_change()
        chosen, history = limits(self.settings), tuple(self._turns)
        if is_terminal() and not self.as_json:
            from rag.cli.stream import print_stream

            pieces = self._assistant.stream(lambda a: a.stream(question, **chosen, history=history))
            self._space()
            answer = print_stream(self._on_screen(question, pieces))
        else:
            answer = self._assistant.call(lambda a: a.ask(question, **chosen, history=history))
            if self.as_json:
                write_json(answer.to_dict())
            else:
                self._say(answer_lines(answer))
        self._last = answer
        self._turns = [*history, Turn("user", question), Turn("assistant", answer.answer)]

    def _warn_of_change(self) -> None:
        """Says once that the answers are not from the index as it is now."""
        if not self._warned and self._has_changed():
            self._warned = True
            told = "rag: The index has changed since this chat began, and is searched as it was."
            print(f"{told}\n     Leave and start again to search it as it is now.", file=sys.stderr)

    def _on_screen(self, question: str, pieces: Iterable[str | Answer]) -> Iterator[str | Answer]:
        """The pieces; once one is on the screen "that" and [1] are its own, broken off or not."""
        before, said = self._turns, ""
        for piece in pieces:
            if isinstance(piece, str):
                said += piece
                self._last = None
                self._turns = [*before, Turn("user", question), Turn("assistant", said)]
            yield piece

    def _show_sources(self, _: str) -> None:
        answer = self._answer_before()
        self._say(source_lines(answer) or [line("The last answer has no sources.")])

    def _open(self, number: str) -> None:
        answer = self._answer_before()
        wanted = number.strip("[]")
        citation = next((c for c in answer.citations if str(c.id) == wanted), None)
        if citation is None:
            last = len(answer.citations)
            raise BadInput(
                f"The last answer has no citation [{wanted}]."
                if wanted
                else "/open needs a number.",
                hint=f"Its citations are [1] to [{last}]." if last else "It has no citations.",
            )
        source = citation.source
        document = self._assistant.call(lambda a: find_document(a.index, source))
        shown = context_of(document, citation.paragraph)
        quote = Span(citation.start, citation.end)
        self._say(document_lines(document, shown, number=citation.paragraph, quote=quote))

    def _limit_since(self, date: str) -> None:
        since = parse_date(date) if date else None
        check_range(since, self.settings.until)
        check_range(since, self.settings.as_of)
        self._limit(replace(self.settings, since=since))

    def _limit_until(self, date: str) -> None:
        until = parse_date(date) if date else None
        check_range(self.settings.since, until)
        self._limit(replace(self.settings, until=until))

    def _limit_as_of(self, date: str) -> None:
        as_of = parse_date(date) if date else None
        check_range(self.settings.since, as_of)
        self._limit(replace(self.settings, as_of=as_of))

    def _limit_source(self, glob: str) -> None:
        self._limit(replace(self.settings, source=glob or None))

    def _limit_speaker(self, name: str) -> None:
        self._limit(replace(self.settings, speaker=name or None))

    def _limit(self, settings: Settings) -> None:
        self.settings = settings
        self._say([line(Piece(f"Searching{self.limits_shown() or ' all documents'}.", "dim"))])

    def _clear(self, _: str) -> None:
        self._turns, self._last = [], None
        self._say([line(Piece("The conversation is forgotten.", "dim"))])

    def _help(self, _: str) -> None:
        lead = max(map(len, COMMANDS)) + 2
        self._say(
            [line(text, lead=Piece(f"{name:<{lead}}", "strong")) for name, text in COMMANDS.items()]
        )

    def _answer_before(self) -> Answer:
        if self._last is None:
            missing = (
                "The last answer was broken off." if self._turns else "There is no answer yet."
            )
            raise BadInput(missing, hint="Ask a question first.")
        return self._last

    def _say(self, lines: list[Line]) -> None:
        """Commands say nothing on standard output where that is for JSON."""
        if not self.as_json:
            self._space()
            show(lines)

    def _space(self) -> None:
        if self._spaced and self._spoken:
            print()
        self._spoken = True


def _unquoted(text: str) -> str:
    """The text without the quotation marks around all of it."""
    inside = text[1:-1].strip()
    around = len(text) > 1 and _QUOTES.get(text[0]) == text[-1]
    return inside if around and text[0] not in inside else text


def _unknown_command(name: str) -> BadInput:
    near = get_close_matches(name, COMMANDS, n=1)
    hint = f"Did you mean {near[0]}?" if near else "/help lists the commands."
    return BadInput(f"There is no command {name}.", hint=hint)
