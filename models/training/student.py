"""What both students share: starting weights, embedding a batch of texts, and the sentence-transformers folder."""

from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from tokenizer import for_training, save_tokenizer, write_json

HIDDEN = 256
SIZES = {
    "hidden_size": HIDDEN,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 1024,
    "hidden_dropout_prob": 0.0,  # the students underfit: there is nothing to regularise
    "attention_probs_dropout_prob": 0.0,
    "attn_implementation": "eager",  # on a CPU, faster backwards than the fused attention
}
LONGEST_IN_TRAINING = 48  # tokens
LENGTH_GROUPS = 8  # a batch runs in this many parts, sorted by length, so that little padding is computed


def principal_axes(vectors: torch.Tensor, count: int = HIDDEN) -> torch.Tensor:
    """[dim, count]: the directions (uncentred) along which the vectors [n, dim] keep most of their dot products."""
    sample = vectors[torch.randperm(len(vectors))[:50_000]].float()
    _, axes = torch.linalg.eigh(sample.T @ sample)
    return axes.flip(1)[:, :count].contiguous()


def start_from_teacher(
    model: PreTrainedModel, tokenizer: Tokenizer, words: dict[str, int], table: torch.Tensor
) -> None:
    """Gives each word piece the teacher's embedding, cut to its principal axes; positions start at zero."""
    ids = tokenizer.get_vocab()
    shared = [(ids[token], words[token]) for token in ids if token in words]
    mine, theirs = (list(column) for column in zip(*shared, strict=True))
    rows = table[theirs]
    with torch.no_grad():
        model.embeddings.word_embeddings.weight[mine] = rows @ principal_axes(rows)
        model.embeddings.position_embeddings.weight.zero_()


class Student:
    """A model in training: embeds texts by the mean of their tokens' last hidden states."""

    def __init__(self, model: PreTrainedModel, tokenizer: Tokenizer):
        self.model = model
        self.tokenizer: PreTrainedTokenizerFast = for_training(tokenizer, LONGEST_IN_TRAINING)

    def embed(self, texts: list[str]) -> torch.Tensor:
        """[texts, HIDDEN] in float32, not normalised."""
        ids = self.tokenizer(texts, truncation=True)["input_ids"]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        size = -(-len(order) // LENGTH_GROUPS)
        parts = [order[start : start + size] for start in range(0, len(order), size)]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            embeddings = torch.cat([self.embed_part([ids[i] for i in part]) for part in parts])
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return embeddings[back]

    def embed_part(self, ids: list[list[int]]) -> torch.Tensor:
        """Mean pooling over the real tokens of texts of like length."""
        batch = self.tokenizer.pad({"input_ids": ids}, return_tensors="pt")
        mask = batch["attention_mask"]
        hidden = self.model(input_ids=batch["input_ids"], attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).float()
        return (hidden.float() * weights).sum(1) / weights.sum(1)


def save_folder(
    model: PreTrainedModel, tokenizer: Tokenizer, folder: Path, *, longest: int, tokenizer_class: str, normalized: bool
) -> None:
    """Writes the layout of sentence-transformers 3, weights in float16. config.json asks for float32 when computing."""
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    weights = {name: value.detach().half().contiguous() for name, value in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = model.config.to_dict()
    config.update(architectures=[type(model).__name__], torch_dtype="float32")
    for key in ("_name_or_path", "dtype", "_attn_implementation"):
        config.pop(key, None)
    write_json(folder / "config.json", dict(sorted(config.items())))
    save_tokenizer(tokenizer, folder, longest, tokenizer_class)
    save_modules(folder, longest, normalized)


def save_modules(folder: Path, longest: int, normalized: bool) -> None:
    """modules.json and the settings of the modules."""
    names = [("", "Transformer"), ("1_Pooling", "Pooling")] + [("2_Normalize", "Normalize")] * normalized
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(names)
    ]
    pooling = {"word_embedding_dimension": HIDDEN}
    for mode in ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens"):
        pooling[f"pooling_mode_{mode}"] = mode == "mean_tokens"
    versions = {"sentence_transformers": "3.1.0", "transformers": "4.44.2", "pytorch": "2.4.0"}
    write_json(folder / "modules.json", modules)
    write_json(folder / "1_Pooling" / "config.json", pooling)
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": longest, "do_lower_case": False})
    write_json(folder / "config_sentence_transformers.json", {"__version__": versions})
