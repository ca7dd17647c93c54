"""Fixed answers, one of them hostile, for the tests of what is shown."""

from __future__ import annotations

from rag.types import Answer, Citation, Dropped, Hit, Leg, Passage, Statement

HOSTILE = (
    "\x1b[31mred\x1b[0m [bold]bold[/bold] \x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\ "
    "over\rwritten \u202egnirts\u202c \x9b2J \x07 \ud800 [link=http://x]y[/link] :smile:"
)


def citation(n: int = 1, **changes: object) -> Citation:
    values: dict[str, object] = {
        "id": n,
        "passage_id": f"p{n}",
        "source": "corpus/file.txt",
        "title": None,
        "date": "2023-11-07",
        "page": None,
        "paragraph": 4,
        "line": 7,
        "start": 10,
        "end": 44,
        "quote": "Russia brokered the ceasefire.",
        "source_sha256": "0" * 64,
    }
    return Citation(**{**values, **changes})


def hit(rank: int = 1, text: str = "Peacekeepers came in 2020.", **changes: object) -> Hit:
    values: dict[str, object] = {
        "id": f"p{rank}",
        "row": rank,
        "source": "corpus/near.txt",
        "start": 0,
        "end": len(text),
        "text": text,
        "paragraph": 2,
        "line": 3,
        "date": "2020-11-10",
    }
    legs = {"dense": Leg(rank, 0.5), "lexical": Leg(rank + 1, 7.25)}
    return Hit(Passage(**{**values, **changes}), 1 / (60 + rank), legs)


def answered(text: str = "Russia brokered the ceasefire.", n: int = 1, **changes: object) -> Answer:
    values: dict[str, object] = {
        "question": "Who brokered the ceasefire?",
        "answered": True,
        "answer": f"{text} [{n}]",
        "short_answer": "Russia",
        "confidence": 0.934,
        "abstained_because": None,
        "statements": (Statement(text, (n,), True, 0.97),),
        "citations": (citation(n, quote=text),),
        "passages": (hit(),),
        "timings_ms": {"total": 1234.5},
        "models": {"embedder": "e", "reader": "r", "composer": "extractive"},
    }
    return Answer(**{**values, **changes})


def abstained(because: str = "No passage mentions Stepanakert.", passages: int = 5) -> Answer:
    return answered(
        answered=False,
        answer=f"The documents do not say. {because}",
        short_answer=None,
        confidence=0.08,
        abstained_because=because,
        statements=(),
        citations=(),
        passages=tuple(hit(n, f"Passage number {n}.") for n in range(1, passages + 1)),
    )


def dropped(*reasons: str) -> tuple[Dropped, ...]:
    return tuple(Dropped("A sentence.", reason) for reason in reasons)
