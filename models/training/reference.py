"""Writes Python's embeddings of the 200 reference sentences, which the TypeScript parity test compares against.

    python models/training/reference.py
"""

import base64
import json
from pathlib import Path

from sentence_transformers import SentenceTransformer

from kept_out import read_reference_sentences
from tokenizer import write_json

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "test" / "fixtures" / "mini-models"
STUDENTS = ("mini-bert-mean-tokens", "mini-mpnet")


def main() -> None:
    """One file a model: their embeddings, row after row, as little-endian float32 in base64."""
    sentences = read_reference_sentences()
    FIXTURES.mkdir(parents=True, exist_ok=True)
    write_json(FIXTURES / "sentences.json", sentences)
    for name in STUDENTS:
        model = SentenceTransformer(str(ROOT / "models" / name), device="cpu")
        embeddings = model.encode(sentences).astype("<f4")
        reference = {
            "model": f"tsbert/{name}",
            "shape": list(embeddings.shape),
            "embeddings": base64.b64encode(embeddings.tobytes()).decode(),
        }
        write_compact(FIXTURES / f"{name}.json", reference)


def write_compact(path: Path, value: dict) -> None:
    """JSON with one key a line and no other blank, since the rows are long."""
    lines = ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in value.items())
    path.write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    main()
