"""Puts a trained reader into the package: weights in float16, and the sha256 to write down.

    python tools/ship_reader.py RUN/best

Prints the sha256 of the weights; `BUNDLED_SHA256` in `rag/models/reader.py` is set to it.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

PACKAGE = Path(__file__).resolve().parents[1] / "rag"
FILES = ("config.json", "tokenizer.json", "tokenizer_config.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    target = PACKAGE / "data" / "reader"
    target.mkdir(parents=True, exist_ok=True)
    weights = {k: v.half().contiguous() for k, v in load_file(given.folder / WEIGHTS).items()}
    save_file(weights, target / WEIGHTS, metadata={"format": "pt"})
    for name in FILES:
        shutil.copyfile(given.folder / name, target / name)
    found = hashlib.sha256((target / WEIGHTS).read_bytes()).hexdigest()
    module = PACKAGE / "models" / "reader.py"
    text = module.read_text(encoding="utf-8")
    changed = re.sub(r'BUNDLED_SHA256 = "\w+"', f'BUNDLED_SHA256 = "{found}"', text)
    module.write_text(changed, encoding="utf-8")
    print(found)


WEIGHTS = "model.safetensors"

if __name__ == "__main__":
    main()
