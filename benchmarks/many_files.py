"""Many files, good and bad: every bad one is named with its reason, and memory stays flat.

Writes N short text files and, for each kind of bad file, a hundredth of N more, indexes N/4, N/2
and N of them in fresh processes and prints seconds and peak memory. What was reported as skipped
has to be what was generated, file for file; otherwise the exit status is 1.

    python benchmarks/many_files.py --files 10000
    python benchmarks/many_files.py --files 2000 --embedder bundled
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from rag.types import Span

WORDS = (
    "river stone winter harbour letter garden signal market captain morning silver bridge "
    "forest paper window engine island lantern village thunder copper meadow station orchard"
).split()
PER_FOLDER = 500
SPARSE = 3
VANISHING = "vanishing-"


def empty(_: random.Random) -> bytes:
    return b""


def binary(chance: random.Random) -> bytes:
    return bytes([0, 1, 2]) + chance.randbytes(400)


def undecodable(chance: random.Random) -> bytes:
    return b"\xff\xfe" + b"\x00\xd8\x20\x00" * 50 + bytes(chance.choices(range(128, 256), k=301))


def encrypted_pdf(_: random.Random) -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_encryption(owner_password="owner", user_password="user")
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.cell(text="Nobody reads this without the password.")
    return bytes(pdf.output())


def image_pdf(_: random.Random) -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.rect(20, 20, 100, 100, style="F")
    return bytes(pdf.output())


def truncated_docx(_: random.Random) -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph("The end of this file is missing.")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()[: buffer.tell() // 2]


def bomb_docx(_: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(40 * 1024 * 1024))
    return buffer.getvalue()


#: Name of the kind: how its bytes are made (once; the files differ in name), suffix, reason.
KINDS: dict[str, tuple[Callable[[random.Random], bytes], str, str]] = {
    "empty": (empty, ".txt", "empty file"),
    "binary": (binary, ".txt", "not text but binary data"),
    "undecodable": (undecodable, ".txt", "cannot be decoded as text"),
    "encrypted": (encrypted_pdf, ".pdf", "encrypted PDF"),
    "scanned": (image_pdf, ".pdf", "PDF without text (scanned images?)"),
    "truncated": (truncated_docx, ".docx", "a damaged or truncated DOCX"),
    "bomb": (bomb_docx, ".docx", "an archive that unpacks to far too much"),
}


def generate(folder: Path, count: int) -> dict[str, str]:
    """Writes the files; returns what has to be reported: relative path to reason."""
    chance = random.Random(count)
    for number in range(count):
        path = folder / f"{number // PER_FOLDER:04d}" / f"{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        sentences = (" ".join(chance.choices(WORDS, k=9)) for _ in range(5))
        path.write_text(f"Note {number}. {'. '.join(sentences)}.\n", encoding="utf-8")
    bad = folder / "bad"
    bad.mkdir(parents=True)
    each = max(count // 100, 1)
    expected: dict[str, str] = {}

    def expect(path: Path, reason: str) -> Path:
        expected[path.relative_to(folder).as_posix()] = reason
        return path

    for kind, (make, suffix, reason) in KINDS.items():
        data = make(chance)
        for number in range(each):
            expect(bad / f"{kind}-{number:05d}{suffix}", reason).write_bytes(data)
    for number in range(each):
        expect(bad / f"gone-{number:05d}.txt", "a link to nothing").symlink_to("nothing")
        loop = expect(bad / f"loop-{number:05d}", "a link that leads back to a folder it lies in")
        loop.symlink_to(".")
        vanishing = expect(bad / f"{VANISHING}{number:05d}.txt", "the file is gone")
        vanishing.write_text("Gone before it is read.\n", encoding="utf-8")
    for number in range(min(SPARSE, each)):
        with expect(bad / f"sparse-{number}.txt", "larger than 100 MB").open("wb") as file:
            file.truncate(200 * 1024 * 1024)
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        for number in range(each):
            path = expect(bad / f"closed-{number:05d}.txt", "no permission to read")
            path.write_text("closed\n", encoding="utf-8")
            path.chmod(0)
    return expected


def index_here(folder: Path, embedder: str) -> None:
    """Indexes a folder in this process; prints what happened as JSON."""
    import resource
    import time

    from rag.store.update import update_index

    os.chdir(folder.parent)
    started = time.perf_counter()
    if embedder == "bundled":
        from rag.models.embedder import load_embedder
        from rag.models.tokens import token_counter

        tokens, load = token_counter(None), lambda: load_embedder(None)
    else:
        tokens, load = WordTokens(), HashEmbedder
    done = update_index(
        Path("index"), [folder], embedder=load, tokens=tokens, progress=Vanishing(folder)
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {
        "indexed": done.added,
        "skipped": {s.source.removeprefix(f"{folder.name}/"): s.reason for s in done.skipped},
        "seconds": time.perf_counter() - started,
        # Linux counts in kibibytes, macOS in bytes.
        "peak_mib": peak / 1024 / (1024 if sys.platform == "darwin" else 1),
    }
    print(json.dumps(result))


class Vanishing:
    """`Progress` that deletes files once the walk has found them and before they are read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self, total: int) -> None:
        for path in (self._folder / "bad").glob(f"{VANISHING}*"):
            path.unlink()

    def advance(self, n: int) -> None:
        pass

    def note(self, text: str) -> None:
        pass


class WordTokens:
    """`TokenCounter` by words."""

    window = 200

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]


class HashEmbedder:
    """`Embedder` without a model: 384 numbers from a hash of the text."""

    name, revision, dimension = "hash", "1", 384

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        import numpy as np

        rows = [hashlib.shake_128(t.encode()).digest(self.dimension) for t in texts]
        vectors = np.frombuffer(b"".join(rows), dtype=np.uint8).astype(np.float32) - 127.5
        vectors = vectors.reshape(len(texts), self.dimension)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_passages(self, texts: Sequence[str], *, progress: object = None) -> np.ndarray:
        return self.encode_queries(texts)

    def encode_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        return self.encode_queries(texts), [
            self.encode_queries([s.of(text) for s in spans] or [text])
            for text, spans in zip(texts, parts, strict=True)
        ]


def measure(count: int, embedder: str) -> tuple[dict, dict[str, str]]:
    """Generates files in a temporary folder and indexes them in a fresh process."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "files"
        expected = generate(folder, count)
        command = [sys.executable, __file__, "--index-here", str(folder), "--embedder", embedder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return json.loads(done.stdout.splitlines()[-1]), expected


def report(count: int, found: dict, expected: dict[str, str]) -> bool:
    """Prints one line, and what differs; returns whether nothing does."""
    wrong = sorted(k for k in found["skipped"].keys() | expected.keys()
                   if found["skipped"].get(k) != expected.get(k))  # fmt: skip
    print(
        f"{count:>7} files: {found['indexed']} indexed, {len(found['skipped'])} skipped of "
        f"{len(expected)} bad, {found['seconds']:.1f} s, peak {found['peak_mib']:.0f} MiB"
    )
    for key in wrong[:10]:
        print(f"  {key}: {found['skipped'].get(key)!r}, expected {expected.get(key)!r}")
    return not wrong and found["indexed"] == count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--embedder", choices=("fake", "bundled"), default="fake")
    parser.add_argument("--index-here", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.index_here is not None:
        index_here(given.index_here, given.embedder)
        return 0
    right, expected = True, {}
    for count in (given.files // 4, given.files // 2, given.files):
        found, expected = measure(count, given.embedder)
        right = report(count, found, expected) and right
    for reason, number in sorted(Counter(expected.values()).items()):
        print(f"  {number:>5} {reason}")
    print("every bad file named with its reason" if right else "NOT as generated")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
