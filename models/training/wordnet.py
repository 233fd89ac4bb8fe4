"""Reads Princeton WordNet's data files (Debian package wordnet-base) into synsets."""

import re
from dataclasses import dataclass, field
from pathlib import Path

WORDNET_FOLDER = Path("/usr/share/wordnet")
PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")
HYPERNYM_POINTERS = ("@", "@i")


@dataclass
class Synset:
    """One meaning: its words, its definition, its example sentences and the keys of its hypernyms."""

    key: tuple[str, str]  # part of speech, offset
    topic: int  # lexicographer file, e.g. 13 for noun.food (lexnames(5WN))
    words: list[str]
    gloss: str
    examples: list[str] = field(default_factory=list)
    hypernyms: list[tuple[str, str]] = field(default_factory=list)


def read_synsets(folder: Path = WORDNET_FOLDER) -> dict[tuple[str, str], Synset]:
    """All synsets by key, in file order."""
    synsets = {}
    for part in PARTS_OF_SPEECH:
        for line in (folder / f"data.{part}").read_text(encoding="utf8", errors="ignore").splitlines():
            if not line.startswith("  "):  # the licence stands at the head, indented
                synset = parse_line(part, line)
                synsets[synset.key] = synset
    return synsets


def parse_line(part: str, line: str) -> Synset:
    """A line of data.noun, data.verb, data.adj or data.adv (wndb(5WN))."""
    head, _, text = line.partition(" | ")
    fields = head.split()
    count = int(fields[3], 16)
    words = [re.sub(r"\(.*\)$", "", fields[4 + 2 * i]).replace("_", " ") for i in range(count)]
    pointers = fields[5 + 2 * count :]
    hypernyms = [
        (part, pointers[i + 1])
        for i in range(0, 4 * int(fields[4 + 2 * count]), 4)
        if pointers[i] in HYPERNYM_POINTERS
    ]
    examples = [e.strip() for e in re.findall(r'"([^"]+)"', text) if len(e.split()) > 2]
    gloss = re.sub(r"[;:]\s*$", "", re.sub(r'"[^"]*"[;,]?\s*', "", text).strip()).strip()
    return Synset((part, fields[0]), int(fields[1]), words, gloss, examples, hypernyms)


def read_word_counts(folder: Path = WORDNET_FOLDER) -> dict[tuple[str, int], int]:
    """How often a word was tagged with a topic in WordNet's sense-tagged text: (word, topic) → count."""
    counts: dict[tuple[str, int], int] = {}
    for line in (folder / "cntlist.rev").read_text().splitlines():
        sense, _, count = line.split()
        lemma, _, rest = sense.partition("%")
        key = (lemma.replace("_", " "), int(rest.split(":")[1]))
        counts[key] = counts.get(key, 0) + int(count)
    return counts
