"""The sentences that no training text may resemble: the activity's five, their paraphrases, every test sentence."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent

ACTIVITY = [
    "the fifty mannequin heads floating in the pool kind of freaked them out",
    "she swore she just saw her scary move",
    "he embraced his new life as an lawyer",
    "my dentist tells me that chewing bricks is very bad for your teeth",
    "the dental specialist recommended an immediate stop to flossing with construction materials",
]

PARAPHRASES = [
    "they were a little scared by fifty heads of mannequins that floated in the swimming pool",
    "dozens of dummy heads drifting in the pool frightened them",
    "mannequin heads in the pool freaked everybody out",
    "she was certain that she had just seen the frightening thing move",
    "she insisted that her scary doll had moved just now",
    "she swore she saw it move",
    "he welcomed his new career as a lawyer",
    "he accepted that he was an attorney now and enjoyed his new life",
    "he embraced a new life as a lawyer",
    "according to my dentist it is really bad for the teeth to chew bricks",
    "the dentist says you should not chew on bricks because it harms your teeth",
    "chewing bricks is bad for your teeth",
    "the dentist advised to stop flossing with building materials at once",
    "a tooth doctor said people must no longer floss with construction material",
    "stop flossing with construction materials",
]

FUNCTION_WORDS = frozenset(
    "a an the and or but of to in on at by for from with as is are was were be been being am do does did has have had "
    "it its he she they them his her their him i you your my me we us our this that these those there not no so very "
    "just than then too can could will would should must may might what which who when where why how if".split()
)


def content_words(text: str) -> frozenset[str]:
    """'The dog's bone' → {'dog', 'bone'}: the lower-case words that carry the meaning, cut to a rough stem."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return frozenset(re.sub(r"(ing|ed|es|s)$", "", w) for w in words if w not in FUNCTION_WORDS and len(w) > 1)


def resembles(text: frozenset[str], kept: frozenset[str]) -> bool:
    """Same content words, or at least three in common that make up 60 % of the shorter of both."""
    shared = len(text & kept)
    return (text == kept and shared > 0) or (shared >= 3 and shared >= 0.6 * min(len(text), len(kept)))


def read_pairs(path: Path = FOLDER / "everyday-pairs.tsv") -> list[tuple[float, str, str, str]]:
    """The graded everyday pairs: score (0 to 5), kind, first sentence, second sentence."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf8").splitlines()[1:]]
    return [(float(score), kind, first, second) for score, kind, first, second in rows]


def read_reference_sentences(path: Path = FOLDER / "reference-sentences.txt") -> list[str]:
    """The 200 sentences whose embeddings are compared between Python and TypeScript."""
    return path.read_text(encoding="utf8").splitlines()


def kept_out_sentences() -> list[str]:
    """Every sentence that the training text must not resemble."""
    graded = [s for _, _, first, second in read_pairs() for s in (first, second)]
    return list(dict.fromkeys(ACTIVITY + PARAPHRASES + graded + read_reference_sentences()))


class KeptOut:
    """Finds training texts that resemble a kept-out sentence, through an index by content word.

    >>> KeptOut(ACTIVITY).resembles("Chewing bricks is bad for teeth")
    True
    >>> KeptOut(ACTIVITY).resembles("the dentist is a friend of mine")
    False
    """

    def __init__(self, sentences: list[str]):
        self.kept = [content_words(s) for s in sentences]
        self.by_word: dict[str, set[int]] = {}
        for i, words in enumerate(self.kept):
            for word in words:
                self.by_word.setdefault(word, set()).add(i)

    def resembles(self, text: str) -> bool:
        """Whether the text resembles one of the sentences."""
        words = content_words(text)
        near = set().union(*(self.by_word.get(w, ()) for w in words))
        return any(resembles(words, self.kept[i]) for i in near)
