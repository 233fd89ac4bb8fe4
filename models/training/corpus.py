"""Collects the training text: WordNet, Debian's package descriptions, fortunes, and sentences built from them."""

import hashlib
import random
import re
import subprocess
from pathlib import Path

from everyday import build_everyday_sentences
from kept_out import KeptOut, kept_out_sentences
from wordnet import Synset, read_synsets, read_word_counts

FORTUNES_FOLDER = Path("/usr/share/games/fortunes")
EVERYDAY_SENTENCES = 60_000
LONG_TEXTS = 6_000
MOST_WORDS = 90  # a longer text is cut: training cost grows with it
HELD_OUT_PERCENT = 3


def build_corpus(seed: int = 1) -> tuple[list[str], list[str]]:
    """Training texts and held-out texts, both without what resembles a kept-out sentence.

    A source (a synset, a package, a fortune) is held out whole, so that no held-out text has a twin from the same
    source in training. Everyday sentences are never held out: their word lists would give them twins.
    """
    rng = random.Random(seed)
    sources = wordnet_sources() + debian_sources() + fortune_sources()
    kept_out = KeptOut(kept_out_sentences())
    sources.append(("everyday", build_everyday_sentences(EVERYDAY_SENTENCES, rng)))
    train, held_out = {}, {}
    for name, texts in sources:
        target = held_out if name != "everyday" and is_held_out(name) else train
        for text in map(clean, texts):
            if len(text) > 2 and not kept_out.resembles(text):
                target[text] = None
    held_out_texts = [text for text in held_out if text not in train]
    joined = join_texts(list(train), rng, kept_out)
    return [*train, *joined], held_out_texts


def is_held_out(source: str) -> bool:
    """Decides by a hash of the source's name, so the answer never depends on order or chance."""
    return int(hashlib.md5(source.encode()).hexdigest(), 16) % 100 < HELD_OUT_PERCENT


def clean(text: str) -> str:
    """One line, single spaces, at most MOST_WORDS words."""
    return " ".join(text.split()[:MOST_WORDS])


def wordnet_sources() -> list[tuple[str, list[str]]]:
    """Glosses, examples, examples with a synonym in place, 'a dog is a kind of canine', and common words alone."""
    synsets = read_synsets()
    counts = read_word_counts()
    sources = []
    for synset in synsets.values():
        texts = [synset.gloss, *synset.examples, *swap_synonyms(synset)[:1], *name_kind(synset, synsets)]
        texts += [w for w in synset.words if counts.get((w.lower(), synset.topic), 0) > 1]
        sources.append((f"wordnet {synset.key}", texts))
    return sources


def swap_synonyms(synset: Synset) -> list[str]:
    """Each example with the synset's own word replaced by another of its words."""
    swapped = []
    for example in synset.examples:
        for word in synset.words:
            pattern = rf"\b{re.escape(word)}\b"
            if re.search(pattern, example):
                swapped += [re.sub(pattern, other, example) for other in synset.words if other != word]
                break
    return swapped


def name_kind(synset: Synset, synsets: dict[tuple[str, str], Synset]) -> list[str]:
    """'dentist is a kind of medical practitioner', for every fourth noun, by its offset."""
    if synset.key[0] != "noun" or int(synset.key[1]) % 4 or not synset.hypernyms:
        return []
    return [f"{synset.words[0]} is a kind of {synsets[synset.hypernyms[0]].words[0]}"]


def debian_sources() -> list[tuple[str, list[str]]]:
    """Every second one-line description of the packages that apt knows of (many packages share one)."""
    listing = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, check=True).stdout
    lines = sorted(set(re.findall(r"^Description(?:-en)?: (.+)$", listing, re.MULTILINE)))[::2]
    # a family ("Qt 6 Labs Settings library - development files") is one source, named by what stands before the dash
    return [(f"debian {re.split(r' - | [(]', line)[0]}", [line]) for line in lines]


def fortune_sources() -> list[tuple[str, list[str]]]:
    """Every fortune: whole, and sentence by sentence."""
    sources = []
    for path in sorted(FORTUNES_FOLDER.iterdir()):
        if path.suffix or path.name == "ascii-art":
            continue
        for fortune in re.split(r"^%$", path.read_text(encoding="utf8", errors="ignore"), flags=re.MULTILINE):
            text = " ".join(re.sub(r"^\s*--.*", "", fortune, flags=re.MULTILINE | re.DOTALL).split())
            sentences = [s for s in re.split(r"(?<=[.!?])\s+", text) if 3 <= len(s.split()) <= 40 and is_prose(s)]
            whole = [text] if is_prose(text) and len(text.split()) > 3 else []
            sources.append((f"fortune {text}", sentences + whole))
    return sources


def is_prose(text: str) -> bool:
    """Mostly letters and spaces: no drawings, no tables, no listings."""
    return sum(c.isalpha() or c.isspace() for c in text) > 0.85 * len(text)


def join_texts(texts: list[str], rng: random.Random, kept_out: KeptOut) -> list[str]:
    """Longer texts: two to six neighbours of the corpus (often of one topic) in a row."""
    joined = []
    for _ in range(LONG_TEXTS):
        start, count = rng.randrange(len(texts) - 6), rng.choice((2, 2, 2, 3, 4, 6))
        joined.append(clean(". ".join(t.rstrip(".") for t in texts[start : start + count])))
    return [text for text in dict.fromkeys(joined) if not kept_out.resembles(text)]
