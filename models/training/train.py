"""Rebuilds both stand-in models from nothing: corpus, teacher, training, folders, figures, reference embeddings.

    python models/training/train.py [--passes 6] [--only mini-mpnet]
"""

import argparse
import time
from pathlib import Path
from types import ModuleType

import torch

import bert
import mpnet
from batches import neighbour_batches
from corpus import build_corpus
from student import Student, principal_axes, save_folder, start_from_teacher
from teacher import encode_with_teacher, load_teacher, teacher_word_embeddings
from tokenizer import build_bert_tokenizer, build_mpnet_tokenizer, choose_word_pieces

MODELS_FOLDER = Path(__file__).parent.parent
CACHE_FOLDER = Path(__file__).parent / ".cache"
SEED = 23
LEARNING_RATE = 1.5e-3
WARMUP = 0.05  # share of the steps
PASSES = 6


def main() -> None:
    """Trains what the command line asks for, by default everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passes", type=int, default=PASSES, help="how often each model sees the corpus")
    parser.add_argument("--only", choices=[bert.NAME, mpnet.NAME], help="train one of the two")
    options = parser.parse_args()
    teacher = load_teacher()
    texts, embeddings = load_training_set(teacher)
    pieces = choose_word_pieces(texts, teacher[0].tokenizer)
    for recipe, tokenizer in ((mpnet, build_mpnet_tokenizer(pieces)), (bert, build_bert_tokenizer(pieces))):
        if options.only in (None, recipe.NAME):
            torch.manual_seed(SEED)
            model = recipe.build_model(tokenizer)
            start_from_teacher(model, tokenizer, *teacher_word_embeddings(teacher))
            train(recipe, Student(model, tokenizer), texts, embeddings, options.passes)
            save(recipe, model, tokenizer)


def load_training_set(teacher) -> tuple[list[str], torch.Tensor]:
    """The corpus and the teacher's embeddings of it, which are kept in CACHE_FOLDER while the corpus stays the same."""
    texts, _ = build_corpus()
    path = CACHE_FOLDER / "teacher.pt"
    if path.exists():
        cached = torch.load(path)
        if cached["texts"] == texts:
            return texts, cached["embeddings"]
    embeddings = encode_with_teacher(teacher, texts)
    CACHE_FOLDER.mkdir(exist_ok=True)
    torch.save({"texts": texts, "embeddings": embeddings}, path)
    return texts, embeddings


def train(recipe: ModuleType, student: Student, texts: list[str], embeddings: torch.Tensor, passes: int) -> None:
    """AdamW with warm-up and a cosine to zero over all passes."""
    generator = torch.Generator().manual_seed(SEED)
    axes = principal_axes(embeddings)
    steps = passes * (len(texts) // 512)
    optimizer = torch.optim.AdamW(student.model.parameters(), lr=LEARNING_RATE, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, steps, pct_start=WARMUP)
    student.model.train()
    started, done = time.time(), 0
    for _ in range(passes):
        for rows in neighbour_batches(embeddings, generator):
            loss = recipe.loss(student.embed([texts[i] for i in rows]), embeddings[rows].float(), axes)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(student.model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            done += 1
            if done % 10 == 0:
                print(f"{recipe.NAME}: step {done} of {steps}, loss {loss:.4f}, {time.time() - started:.0f} s", flush=True)


def save(recipe: ModuleType, model, tokenizer) -> None:
    """Writes the model's folder."""
    save_folder(
        model,
        tokenizer,
        MODELS_FOLDER / recipe.NAME,
        longest=recipe.MAX_SEQ_LENGTH,
        tokenizer_class=recipe.TOKENIZER_CLASS,
        normalized=recipe.NORMALIZED,
    )


if __name__ == "__main__":
    main()
