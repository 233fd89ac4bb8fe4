"""Rebuilds both stand-in models from nothing: corpus, teacher's embeddings, training, folders.

    python models/training/train.py [--only mini-mpnet] [--texts 192000] [--passes 2] [--output models]
"""

import argparse
import time
from pathlib import Path
from types import ModuleType

import torch
from sentence_transformers import SentenceTransformer

import bert
import mpnet
from batches import BATCH, neighbour_batches
from corpus import build_corpus
from student import Student, principal_axes, save_folder, start_from_teacher
from teacher import encode_with_teacher, load_teacher, teacher_word_embeddings
from tokenizer import build_bert_tokenizer, build_mpnet_tokenizer, choose_word_pieces

FOLDER = Path(__file__).parent
CACHE = FOLDER / ".cache" / "teacher.pt"
SEED = 23
TEXTS = 192_000
PASSES = 2
LEARNING_RATE = 1.5e-3
WARMUP = 0.05  # share of the steps


def main() -> None:
    """Trains what the command line asks for, by default everything."""
    options = read_options()
    teacher = load_teacher()
    corpus, _ = build_corpus()
    texts, embeddings = load_training_set(teacher, corpus, options.texts)
    pieces = choose_word_pieces(corpus, teacher[0].tokenizer)
    for recipe, build_tokenizer in ((mpnet, build_mpnet_tokenizer), (bert, build_bert_tokenizer)):
        if options.only in (None, recipe.NAME):
            torch.manual_seed(SEED)
            tokenizer = build_tokenizer(pieces)
            model = recipe.build_model(tokenizer)
            start_from_teacher(model, tokenizer, *teacher_word_embeddings(teacher))
            train(recipe, Student(model, tokenizer), texts, embeddings, options.passes)
            save(recipe, model, tokenizer, options.output)


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[bert.NAME, mpnet.NAME], help="train one of the two")
    parser.add_argument("--texts", type=int, default=TEXTS, help="how many texts of the corpus to train on")
    parser.add_argument("--passes", type=int, default=PASSES, help="how often each model sees them")
    parser.add_argument("--output", type=Path, default=FOLDER.parent, help="where the models' folders go")
    return parser.parse_args()


def load_training_set(teacher: SentenceTransformer, corpus: list[str], count: int) -> tuple[list[str], torch.Tensor]:
    """count texts of the corpus, drawn at random, and the teacher's embeddings of them (kept in CACHE between runs)."""
    order = torch.randperm(len(corpus), generator=torch.Generator().manual_seed(5))[:count]
    texts = [corpus[i] for i in order]
    if CACHE.exists():
        cached = torch.load(CACHE)
        if cached["texts"] == texts:
            return texts, cached["embeddings"]
    embeddings = encode_with_teacher(teacher, texts)
    CACHE.parent.mkdir(exist_ok=True)
    torch.save({"texts": texts, "embeddings": embeddings}, CACHE)
    return texts, embeddings


def train(recipe: ModuleType, student: Student, texts: list[str], embeddings: torch.Tensor, passes: int) -> None:
    """AdamW, one cycle of the learning rate over all passes."""
    generator = torch.Generator().manual_seed(SEED)
    axes = principal_axes(embeddings)
    steps = passes * (len(texts) // BATCH)
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
            if done % 50 == 0:
                seconds = time.time() - started
                print(f"{recipe.NAME}: step {done} of {steps}, loss {loss:.4f}, {seconds:.0f} s", flush=True)


def save(recipe: ModuleType, model: torch.nn.Module, tokenizer, output: Path) -> None:
    """Writes the model's folder."""
    save_folder(
        model,
        tokenizer,
        output / recipe.NAME,
        longest=recipe.MAX_SEQ_LENGTH,
        tokenizer_class=recipe.TOKENIZER_CLASS,
        normalized=recipe.NORMALIZED,
    )


if __name__ == "__main__":
    main()
