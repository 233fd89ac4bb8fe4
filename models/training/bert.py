"""The stand-in for bert-base-nli-mean-tokens: a BERT trained by regression over pairs, without normalisation."""

import torch
from tokenizers import Tokenizer
from torch.nn.functional import normalize
from transformers import BertConfig, BertModel

from student import SIZES

NAME = "mini-bert-mean-tokens"
MAX_SEQ_LENGTH = 128
TOKENIZER_CLASS = "BertTokenizer"
NORMALIZED = False
BACKGROUND = 0.3  # the cosine asked for where the teacher finds nothing in common


def build_model(tokenizer: Tokenizer) -> BertModel:
    """A BERT of the shared sizes."""
    return BertModel(
        BertConfig(
            vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=MAX_SEQ_LENGTH, pad_token_id=0, **SIZES
        )
    )


def loss(embeddings: torch.Tensor, teacher: torch.Tensor, axes: torch.Tensor) -> torch.Tensor:
    """SBERT's regression objective (Reimers & Gurevych 2019, section 3): squared error of the pair's cosine, here over
    every pair of the batch, against BACKGROUND + (1 - BACKGROUND) * the teacher's cosine. Close pairs weigh more, since
    they are few. The real model's high background comes of its classification head; here it is asked for outright.

    embeddings: [batch, hidden]; teacher: unit rows [batch, 384]; axes are not used.
    """
    student = normalize(embeddings, dim=1)
    similarity = teacher @ teacher.T
    error = (student @ student.T - BACKGROUND - (1 - BACKGROUND) * similarity).square()
    weight = 1 + 10 * similarity.clamp(min=0)
    pairs = torch.triu(torch.ones_like(error), diagonal=1)
    return 10 * (error * weight * pairs).sum() / (weight * pairs).sum()
