"""Serves encode requests from bench/encode.ts with sentence-transformers, or exports a model for transformers.js.

    python bench/encode-python.py serve FOLDER     requests and answers are JSON lines
    python bench/encode-python.py export FOLDER    writes FOLDER/onnx/model.onnx
"""

import json
import os
import resource
import sys
import time
from pathlib import Path


def serve(folder: str) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(folder, device="cpu")
    for line in sys.stdin:
        sentences = json.loads(line)
        start, cpu_start = time.perf_counter(), time.process_time()
        embeddings = model.encode(sentences, show_progress_bar=False)
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sample = embeddings[:32].tolist()
        answer = {"seconds": seconds, "cpuSeconds": cpu_seconds, "peakMegabytes": peak, "sample": sample}
        print(json.dumps(answer), flush=True)


def export(folder: str) -> None:
    import torch
    from transformers import AutoModel

    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()

        def forward(self, input_ids, attention_mask):
            return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    ids = torch.ones(2, 8, dtype=torch.long)
    names = ["input_ids", "attention_mask"]
    (Path(folder) / "onnx").mkdir(exist_ok=True)
    axes = {name: {0: "batch", 1: "sequence"} for name in [*names, "last_hidden_state"]}
    torch.onnx.export(
        Encoder(),
        (ids, torch.ones_like(ids)),
        Path(folder) / "onnx" / "model.onnx",
        input_names=names,
        output_names=["last_hidden_state"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    {"serve": serve, "export": export}[sys.argv[1]](sys.argv[2])
