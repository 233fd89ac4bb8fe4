"""The students' vocabulary (the teacher's most used word pieces) and their tokenizer files."""

import json
import string
from collections import Counter
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

VOCABULARY_SIZE = 12_000
BERT_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
MPNET_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "[UNK]"]  # <mask> stands last, as in all-mpnet-base-v2


def choose_word_pieces(texts: list[str], teacher_tokenizer, count: int = VOCABULARY_SIZE) -> list[str]:
    """Every single ASCII character, then the pieces that the teacher's tokenizer uses most often on the texts."""
    uses: Counter[str] = Counter()
    backend = teacher_tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    for start in range(0, len(texts), 10_000):
        for encoding in backend.encode_batch(texts[start : start + 10_000], add_special_tokens=False):
            uses.update(encoding.tokens)
    known = teacher_tokenizer.get_vocab()
    letters = string.ascii_lowercase + string.digits
    characters = [c for c in letters + string.punctuation if c in known] + [f"##{c}" for c in letters]
    frequent = [token for token, _ in sorted(uses.items(), key=lambda item: (-item[1], item[0]))]
    chosen = list(dict.fromkeys(characters + [t for t in frequent if t not in BERT_SPECIAL]))
    return sorted(chosen[: count - len(BERT_SPECIAL) - 1], key=known.__getitem__)


def build_bert_tokenizer(pieces: list[str]) -> Tokenizer:
    """[CLS] text [SEP], lower case."""
    return build_tokenizer(BERT_SPECIAL + pieces, first="[CLS]", last="[SEP]")


def build_mpnet_tokenizer(pieces: list[str]) -> Tokenizer:
    """<s> text </s>, lower case; <pad> has id 1 and <mask> the last id."""
    return build_tokenizer([*MPNET_SPECIAL, *pieces, "<mask>"], first="<s>", last="</s>")


def build_tokenizer(vocabulary: list[str], first: str, last: str) -> Tokenizer:
    """A lower-case WordPiece tokenizer that puts first and last around each text."""
    ids = {token: i for i, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    separator = f"{last}:0 " if first == "[CLS]" else f"{last}:0 {last}:0 "
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first}:0 $A:0 {last}:0",
        pair=f"{first}:0 $A:0 {separator}$B:{1 if first == '[CLS]' else 0} {last}:{1 if first == '[CLS]' else 0}",
        special_tokens=[(first, ids[first]), (last, ids[last])],
    )
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    special = [t for t in dict.fromkeys([*BERT_SPECIAL, *MPNET_SPECIAL, "<mask>"]) if t in ids]
    tokenizer.add_special_tokens(special)
    return tokenizer


def special_tokens(tokenizer: Tokenizer) -> dict[str, str]:
    """The roles of the special tokens, as special_tokens_map.json lists them."""
    if tokenizer.token_to_id("[CLS]") is not None:
        return dict(zip(["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"], BERT_SPECIAL, strict=True))
    return {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "unk_token": "[UNK]",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "cls_token": "<s>",
        "mask_token": "<mask>",
    }


def for_training(tokenizer: Tokenizer, longest: int) -> PreTrainedTokenizerFast:
    """The same tokenizer with truncation and padding to tensors."""
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(tokenizer.to_str()), model_max_length=longest, **special_tokens(tokenizer)
    )


def save_tokenizer(tokenizer: Tokenizer, folder: Path, longest: int, tokenizer_class: str) -> None:
    """tokenizer.json, tokenizer_config.json, special_tokens_map.json and vocab.txt, as the Hub's models carry them."""
    special = special_tokens(tokenizer)
    config = {
        "do_lower_case": True,
        **special,
        "tokenize_chinese_chars": True,
        "strip_accents": None,
        "model_max_length": longest,
        "tokenizer_class": tokenizer_class,
    }
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf8")
    (folder / "vocab.txt").write_text("".join(f"{token}\n" for token, _ in vocabulary), encoding="utf8")
    write_json(folder / "tokenizer_config.json", config)
    write_json(folder / "special_tokens_map.json", special)


def write_json(path: Path, value: object) -> None:
    """JSON of two spaces' indent with a newline at the end."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
