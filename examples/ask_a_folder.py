"""Index a folder, ask it a question, follow the citations.

python examples/ask_a_folder.py corpus "Who brokered the ceasefire that ended the 2020 war?"
"""

from __future__ import annotations

import sys

from rag import Assistant, RagError


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    folder, question = sys.argv[1:]
    try:
        with Assistant.from_paths([folder], index="index") as assistant:
            answer = assistant.ask(question)
    except RagError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    print(answer.answer)
    for citation in answer.citations:
        print(f"  [{citation.id}] {citation.source}, {citation.date or 'undated'},", end=" ")
        print(f"paragraph {citation.paragraph}, line {citation.line}: “{citation.quote}”")
    if not answer.answered:
        for hit in answer.passages[:3]:
            print(f"  nearest: {hit.passage.source}, paragraph {hit.passage.paragraph}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
