"""Builds everyday sentences from word lists: somebody does something, in statements, questions and negations."""

import random
import re
from pathlib import Path

TOPICS_FILE = Path(__file__).parent / "everyday-topics.txt"

PEOPLE = (
    "I;you;we;they;he;she;somebody;nobody;my mother;my father;our neighbour;a young woman;an old man;the boy;"
    "the girl;my best friend;the teacher;the doctor;a tourist;the students;two men;the children;his wife;"
    "her husband;my boss;the nurse;a stranger;the police officer;a farmer;the artist;her sister;his brother;"
    "some people;everyone;the lawyer;my grandmother;our uncle;the manager;a soldier;the scientist;the engineer;"
    "the cook;a little girl;the waiter"
).split(";")
PLURAL = {"I", "you", "we", "they", "the students", "two men", "the children", "some people"}
TIMES = (
    "yesterday;this morning;every day;last night;on Sunday;last week;in the evening;at noon;after work;"
    "during the break;for the first time;all day long;again;before breakfast;a year ago;tonight;next month;"
    "in winter;quickly;slowly;without help;by mistake;with great care;together with a friend"
).split(";")
FRAMES = (
    "{who} {past}",
    "{who} {past} {when}",
    "{when} {who} {past}",
    "{who} {is} going to {base} {when}",
    "{who} did not {base}",
    "{who} never {past}",
    "{who} wanted to {base}",
    "{who} tried to {base} {when} but failed",
    "{who} had to {base}",
    "{who} {past} and then {past2}",
    "did {who} {base} {when}?",
    "why did {who} {base}?",
    "can {who} {base}?",
    "how to {base}",
    "please {base}",
    "do not {base}",
    "it is fun to {base}",
    "{who} said that {state}",
    "{who} told me to {base}",
    "{who} refused to {base} because {state}",
    "{who} {past} although {state}",
    "{state}",
    "{state} {when}",
    "I think that {state}",
    "is it true that {state}?",
    "{state}, so {who} did not {base}",
    "{gerund} is harder than it looks",
    "{gerund} with {whom}",
    "a photo of {whom} {gerund}",
    "{who} remembered to {base}; {other_state}",
    "{who} advised {whom} to {base}",
    "{who} saw {whom} {base}",
    "{who} would rather {base} than {other_base}",
)
IRREGULAR_PAST = dict(
    pair.split(">")
    for pair in (
        "buy>bought eat>ate drink>drank pay>paid leave>left get>got forget>forgot feed>fed take>took teach>taught "
        "throw>threw find>found see>saw hold>held read>read put>put write>wrote give>gave go>went win>won lose>lost "
        "break>broke steal>stole catch>caught have>had run>ran do>did ride>rode swim>swam drive>drove fly>flew "
        "build>built dig>dug grow>grew sell>sold hang>hung make>made sweep>swept lay>laid wear>wore send>sent "
        "sing>sang draw>drew fall>fell blow>blew keep>kept tell>told feel>felt be>was hide>hid hear>heard sleep>slept "
        "set>set wake>woke sit>sat fight>fought shoot>shot light>lit cut>cut spread>spread begin>began become>became "
        "meet>met lie>lay lead>led choose>chose fast>fasted step>stepped fail>failed saw>sawed sew>sewed bury>buried "
        "carry>carried study>studied fry>fried try>tried hurry>hurried cry>cried apply>applied".split()
    )
)
DOUBLED = {"chop", "stir", "plan", "skip", "drop", "rob", "jog", "stop", "grab", "hug", "knit", "slip", "step", "nap"}


def past(phrase: str) -> str:
    """'bake a cake' → 'baked a cake'"""
    verb, _, rest = phrase.partition(" ")
    if verb in IRREGULAR_PAST:
        verb = IRREGULAR_PAST[verb]
    else:
        verb += verb[-1] + "ed" if verb in DOUBLED else "d" if verb.endswith("e") else "ed"
    return f"{verb} {rest}".strip()


def gerund(phrase: str) -> str:
    """'bake a cake' → 'baking a cake'"""
    verb, _, rest = phrase.partition(" ")
    if verb in DOUBLED or verb in {"get", "put", "run", "win", "swim", "cut", "set", "sit", "dig", "forget", "begin"}:
        verb += verb[-1]
    elif verb == "lie":
        verb = "ly"
    elif verb.endswith("e") and verb not in {"be", "see"}:
        verb = verb[:-1]
    return f"{verb}ing {rest}".strip()


def read_topics(path: Path = TOPICS_FILE) -> list[tuple[list[str], list[str]]]:
    """Each topic's actions ('bake a cake') and statements ('the soup is too hot')."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf8").splitlines()]
    return [(actions.split(";"), statements.split(";")) for _, actions, statements in rows]


def build_everyday_sentences(count: int, rng: random.Random) -> list[str]:
    """count different sentences, topic by topic at random."""
    topics = read_topics()
    sentences: dict[str, None] = {}
    while len(sentences) < count:
        sentences[build_sentence(topics, rng)] = None
    return list(sentences)


def build_sentence(topics: list[tuple[list[str], list[str]]], rng: random.Random) -> str:
    """One frame filled from one topic; the second action or statement comes from any topic."""
    actions, statements = rng.choice(topics)
    other_actions, other_statements = rng.choice(topics)
    who, whom, action = rng.choice(PEOPLE), rng.choice(PEOPLE[8:]), rng.choice(actions)
    text = rng.choice(FRAMES).format(
        who=who,
        whom=whom,
        when=rng.choice(TIMES),
        base=action,
        past=past(action),
        past2=past(rng.choice(actions)),
        gerund=gerund(action),
        state=rng.choice(statements),
        other_base=rng.choice(other_actions),
        other_state=rng.choice(other_statements),
        **{"is": "am" if who == "I" else "are" if who in PLURAL else "is"},
    )
    return re.sub(r"\bnobody never\b", "nobody ever", text)
