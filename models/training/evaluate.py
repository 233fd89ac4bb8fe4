"""Measures both students beside the teacher and writes the figures into the model cards.

    python models/training/evaluate.py
"""

import re
from pathlib import Path

import torch
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer

from corpus import build_corpus
from kept_out import ACTIVITY, read_pairs
from teacher import encode_with_teacher, load_teacher

MODELS_FOLDER = Path(__file__).parent.parent
STUDENTS = ("mini-bert-mean-tokens", "mini-mpnet")
HELD_OUT_TEXTS = 5000
PAIRS_PER_TENTH = 250
FIGURES = re.compile(r"(<!-- figures: written by \S+ -->\n).*(<!-- end of figures -->)", re.DOTALL)


def main() -> None:
    """Prints all figures and puts them between the marks in each README.md."""
    teacher = load_teacher()
    models = {"teacher": teacher} | {
        name: SentenceTransformer(str(MODELS_FOLDER / name), device="cpu") for name in STUDENTS
    }
    figures = "\n".join((activity_table(models), held_out_table(models), everyday_table(models)))
    print(figures)
    for name in STUDENTS:
        card = MODELS_FOLDER / name / "README.md"
        text, found = FIGURES.subn(lambda marks: f"{marks[1]}\n{figures}\n{marks[2]}", card.read_text(encoding="utf8"))
        if not found:
            raise ValueError(f"{card} has no place for the figures: put the two marks of evaluate.py into it.")
        card.write_text(text, encoding="utf8")


def cosines(model: SentenceTransformer, first: list[str], second: list[str]) -> torch.Tensor:
    """The cosine of each pair."""
    u, v = (model.encode(texts, convert_to_tensor=True, batch_size=64) for texts in (first, second))
    return torch.nn.functional.cosine_similarity(u, v)


def activity_table(models: dict[str, SentenceTransformer]) -> str:
    """The five sentences of the activity: the pair (3, 4) against the nine others."""
    rows = []
    for name, model in models.items():
        vectors = torch.nn.functional.normalize(model.encode(ACTIVITY, convert_to_tensor=True), dim=1)
        similarity = vectors @ vectors.T
        others = [similarity[i, j].item() for i in range(5) for j in range(i) if (i, j) != (4, 3)]
        rows.append([name, f"{similarity[4, 3]:.3f}", f"{sum(others) / 9:.3f}", f"{max(others):.3f}"])
    return "### The activity's five sentences (cosine)\n\n" + table(
        ["model", "pair (3, 4)", "other pairs, mean", "other pairs, highest"], rows
    )


def held_out_table(models: dict[str, SentenceTransformer]) -> str:
    """Spearman with the teacher on pairs of held-out texts, spread evenly over the teacher's cosines and at random."""
    texts = build_corpus()[1]
    generator = torch.Generator().manual_seed(7)
    texts = [texts[i] for i in torch.randperm(len(texts), generator=generator)[:HELD_OUT_TEXTS]]
    similarity = teacher_similarity(models["teacher"], texts)
    spread = spread_pairs(similarity, generator)
    random = torch.randint(len(texts), (len(spread), 2), generator=generator)
    random = random[random[:, 0] != random[:, 1]]
    rows = []
    for name in STUDENTS:
        vectors = models[name].encode(texts, convert_to_tensor=True, batch_size=64)
        rows.append([name] + [f"{rank_correlation(vectors, pairs, similarity):.3f}" for pairs in (spread, random)])
    heads = ["model", f"{len(spread)} pairs, even spread", f"{len(random)} pairs, at random"]
    return "### Spearman correlation with the teacher on held-out text\n\n" + table(heads, rows)


def teacher_similarity(teacher: SentenceTransformer, texts: list[str]) -> torch.Tensor:
    """The teacher's cosines of all texts with all texts."""
    vectors = encode_with_teacher(teacher, texts).float()
    return vectors @ vectors.T


def spread_pairs(similarity: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """[pairs, 2]: up to PAIRS_PER_TENTH pairs at random for each tenth of the teacher's cosine from 0 to 1."""
    chosen = []
    above = torch.triu(torch.ones_like(similarity, dtype=torch.bool), diagonal=1)
    for tenth in range(10):
        pairs = (above & (similarity >= tenth / 10) & (similarity < (tenth + 1) / 10)).nonzero()
        chosen.append(pairs[torch.randperm(len(pairs), generator=generator)[:PAIRS_PER_TENTH]])
    return torch.cat(chosen)


def rank_correlation(vectors: torch.Tensor, pairs: torch.Tensor, similarity: torch.Tensor) -> float:
    """Spearman of the vectors' cosines with the teacher's, over the pairs."""
    found = torch.nn.functional.cosine_similarity(vectors[pairs[:, 0]], vectors[pairs[:, 1]])
    return spearmanr(found, similarity[pairs[:, 0], pairs[:, 1]]).statistic


def everyday_table(models: dict[str, SentenceTransformer]) -> str:
    """Spearman with the hand-given grades (0 to 5) of everyday pairs, and the mean cosine for each kind of pair."""
    scores, kinds, first, second = (list(column) for column in zip(*read_pairs(), strict=True))
    found = {name: cosines(model, first, second) for name, model in models.items()}
    rows = [["all: Spearman", str(len(scores)), ""] + [f"{spearmanr(c, scores).statistic:.3f}" for c in found.values()]]
    for kind in dict.fromkeys(kinds):
        of_kind = torch.tensor([k == kind for k in kinds])
        grade = torch.tensor(scores)[of_kind].mean()
        means = [f"{c[of_kind].mean():.2f}" for c in found.values()]
        rows.append([f"{kind}: mean cosine", str(int(of_kind.sum())), f"{grade:.1f}", *means])
    heads = ["everyday pairs", "pairs", "mean grade", *models]
    return "### Everyday pairs graded by hand\n\n" + table(heads, rows)


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
