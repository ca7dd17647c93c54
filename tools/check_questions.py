"""Checks question files against the documents they ask about.

    python tools/check_questions.py                            # eval/questions.jsonl, corpus/
    python tools/check_questions.py eval/seeds.jsonl FOLDER    # any other pair

Every evidence quote must stand in its source: literally for plain text, Markdown, e-mail and
JSON Lines, with white space ignored for HTML, PDF and DOCX. Ids must be unique, the fields must
fit one another, and at least one short answer must stand in a document that is cited as
evidence. Exit status 1 where something is wrong. Only the standard library is needed, but the
quotes from a PDF are checked only where pypdfium2 is installed.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import html
import json
import re
import string
import sys
import zipfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOOSE = {".html", ".htm", ".pdf", ".docx"}
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
FIELDS = {
    "_id",
    "text",
    "type",
    "answerable",
    "answers",
    "references",
    "evidence",
    "split",
    "history",
    "since",
    "until",
    "as_of",
    "source",
    "speaker",
    "near_miss",
}


def squeeze(text: str) -> str:
    return " ".join(text.split())


def normal(text: str) -> str:
    """The normalisation of SQuAD: no case, punctuation, articles or extra space."""
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return squeeze(re.sub(r"\b(a|an|the)\b", " ", text))


def pdf_text(path: Path) -> str | None:
    try:
        import pypdfium2
    except ImportError:
        return None
    with pypdfium2.PdfDocument(str(path)) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def text_of(path: Path) -> str | None:
    """The text of a document; None where the library that reads it is not installed."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        return pdf_text(path)
    if suffix == ".docx":
        xml = zipfile.ZipFile(path).read("word/document.xml").decode("utf-8")
        return html.unescape(re.sub(r"<[^>]+>", "", xml.replace("</w:p>", "\n")))
    raw = path.read_bytes()
    if suffix == ".eml":
        message = email.message_from_bytes(raw, policy=email.policy.default)
        body = message.get_body(preferencelist=("plain",))
        return body.get_content() if body else ""
    text = raw.decode("utf-8")
    if suffix in {".html", ".htm"}:
        text = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", text)
        return html.unescape(re.sub(r"<[^>]+>", " ", text))
    if suffix == ".jsonl":
        return "\n".join(json.loads(line)["text"] for line in text.splitlines() if line.strip())
    return text


def check(question: dict, texts: dict[str, str | None]) -> list[str]:
    """What is wrong with one question, in sentences."""
    wrong = [f"unknown field {name!r}" for name in question.keys() - FIELDS]
    wrong += [f"no {name!r}" for name in ("_id", "text", "type", "split") if not question.get(name)]
    if question.get("split") not in {"fit", "held"}:
        wrong.append("split is neither fit nor held")
    for name in ("since", "until", "as_of"):
        if name in question and not DATE.fullmatch(str(question[name])):
            wrong.append(f"{name} is not a date")
    answers, evidence = question.get("answers", []), question.get("evidence", [])
    if question.get("answerable") is False:
        if answers or evidence:
            wrong.append("unanswerable, yet with answers or evidence")
        return wrong
    if not answers or not evidence or not question.get("references"):
        wrong.append("answerable, yet without answers, references or evidence")
    unread = False
    for item in evidence:
        source, quote = Path(item["source"]).name, item.get("quote") or item.get("text") or ""
        if source not in texts:
            wrong.append(f"no such document: {source}")
            continue
        text = texts[source]
        if text is None:
            unread = True
            continue
        loose = Path(source).suffix.lower() in LOOSE
        if squeeze(quote) not in squeeze(text) if loose else quote not in text:
            wrong.append(f"{source} does not say {quote!r}")
    names = [Path(e["source"]).name for e in evidence]
    cited = [normal(texts[name] or "") for name in names if name in texts]
    if answers and not unread and not any(normal(a) in text for a in answers for text in cited):
        wrong.append(f"none of the answers stands in the cited documents: {answers}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="?", type=Path, default=ROOT / "eval/questions.jsonl")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "corpus")
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").split("\n")  # a text may hold U+2028
    questions = [json.loads(line) for line in lines if line.strip()]
    texts = {p.name: text_of(p) for p in sorted(given.folder.iterdir()) if p.is_file()}
    failures = 0
    for question in questions:
        for problem in check(question, texts):
            failures += 1
            print(f"{question.get('_id')}: {problem}")
    ids = Counter(str(q["_id"]) for q in questions)
    asked = Counter(json.dumps([q.get(k) for k in ("text", "as_of", "history")]) for q in questions)
    for key in [key for counter in (ids, asked) for key, count in counter.items() if count > 1]:
        failures += 1
        print(f"twice: {key}")
    counts = Counter((q["type"], q["split"]) for q in questions)
    print(f"{'type':14} {'fit':>5} {'held':>5} {'all':>5}")
    for kind in sorted({q["type"] for q in questions}):
        fit, held = counts[kind, "fit"], counts[kind, "held"]
        print(f"{kind:14} {fit:5} {held:5} {fit + held:5}")
    fit = sum(q["split"] == "fit" for q in questions)
    print(f"{'all':14} {fit:5} {len(questions) - fit:5} {len(questions):5}")
    used = {Path(e["source"]).name for q in questions for e in q.get("evidence", [])}
    unused = texts.keys() - used
    if unused:
        print("no question is about: " + ", ".join(sorted(unused)))
    print(f"{failures} problems" if failures else "no problems")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
