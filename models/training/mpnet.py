"""The stand-in for all-mpnet-base-v2: an MPNet trained contrastively to meet the teacher's embedding of each text."""

import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy, normalize
from transformers import MPNetConfig, MPNetModel

from student import SIZES

NAME = "mini-mpnet"
MAX_SEQ_LENGTH = 384
TOKENIZER_CLASS = "MPNetTokenizer"
NORMALIZED = True
TEMPERATURE = 0.05


def build_model(tokenizer: Tokenizer) -> MPNetModel:
    """Positions start at 2, behind the padding id (as in RoBERTa), hence two rows more than tokens."""
    return MPNetModel(
        MPNetConfig(
            vocab_size=tokenizer.get_vocab_size(),
            max_position_embeddings=MAX_SEQ_LENGTH + 2,
            pad_token_id=1,
            bos_token_id=0,
            eos_token_id=2,
            **SIZES,
        ),
    )


def loss(embeddings: torch.Tensor, teacher: torch.Tensor, axes: torch.Tensor) -> torch.Tensor:
    """Each text must find the teacher's embedding of itself among those of the whole batch (InfoNCE), point the same
    way, and stand to every other text as the teacher has it.

    embeddings: [batch, hidden]; teacher: unit rows [batch, 384]; axes: [384, hidden].
    """
    student = normalize(embeddings, dim=1)
    target = normalize(teacher @ axes, dim=1)
    to_target = student @ target.T
    contrast = cross_entropy(to_target / TEMPERATURE, torch.arange(len(student)))
    pull = 1 - to_target.diagonal().mean()
    relations = (student @ student.T - teacher @ teacher.T).square().mean()
    return 0.1 * contrast + pull + 10 * relations
