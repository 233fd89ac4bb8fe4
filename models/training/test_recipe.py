"""What the recipe promises of its data: kept-out sentences stay out, held-out sources stay whole, tokenizers agree."""

import random
import tempfile
import unittest
from pathlib import Path

import bert
import mpnet
import torch
from corpus import build_corpus, clean, is_prose
from everyday import build_everyday_sentences, gerund, past
from kept_out import ACTIVITY, PARAPHRASES, KeptOut, content_words, kept_out_sentences, read_pairs
from kept_out import read_reference_sentences, resembles
from sentence_transformers import SentenceTransformer
from student import Student
from tokenizer import build_bert_tokenizer, build_mpnet_tokenizer
from train import save
from wordnet import parse_line

PIECES = ["a", "cat", "dog", "s", "##s"]


class Corpus(unittest.TestCase):
    """build_corpus()"""

    @classmethod
    def setUpClass(cls):
        cls.train, cls.held_out = build_corpus()

    def test_keeps_the_activity_out(self):
        for sentence in map(content_words, ACTIVITY + PARAPHRASES):
            near = [text for text in self.train if resembles(content_words(text), sentence)]
            self.assertEqual(near, [])

    def test_keeps_the_test_sentences_out(self):
        lowered = {text.lower().rstrip(".") for text in self.train}
        self.assertEqual([s for s in kept_out_sentences() if s.lower().rstrip(".") in lowered], [])

    def test_shares_nothing_between_training_and_held_out(self):
        self.assertGreater(len(self.held_out), 5000)
        self.assertEqual(set(self.train) & set(self.held_out), set())

    def test_is_the_same_each_time(self):
        self.assertEqual(build_corpus(), (self.train, self.held_out))


class KeptOutSentences(unittest.TestCase):
    """KeptOut.resembles()"""

    def test_finds_rewordings(self):
        kept = KeptOut(ACTIVITY)
        self.assertTrue(kept.resembles("Chewing on bricks is bad for the teeth"))
        self.assertTrue(kept.resembles("Fifty mannequin heads were floating in a pool"))

    def test_leaves_the_topic_alone(self):
        kept = KeptOut(ACTIVITY)
        self.assertFalse(kept.resembles("a person qualified to practice dentistry"))
        self.assertFalse(kept.resembles("we swam in the pool"))


class EvaluationFiles(unittest.TestCase):
    """read_pairs() and read_reference_sentences()"""

    def test_pairs_are_many_graded_and_of_five_kinds(self):
        pairs = read_pairs()
        self.assertGreaterEqual(len({(first, second) for _, _, first, second in pairs}), 150)
        self.assertTrue(all(0 <= score <= 5 for score, *_ in pairs))
        self.assertEqual(len({kind for _, kind, *_ in pairs}), 5)

    def test_reference_sentences_are_200_and_hold_the_five(self):
        sentences = read_reference_sentences()
        self.assertEqual(len(set(sentences)), 200)
        self.assertEqual(sentences[:5], ACTIVITY)


class Building(unittest.TestCase):
    """wordnet, everyday, tokenizer and loss, by hand."""

    def test_parse_line_reads_words_gloss_examples_and_hypernyms(self):
        synset = parse_line("noun", '07 13 n 02 a 0 b_c 0 001 @ 09 n 0000 | a thing; also good; "it is a thing"  ')
        self.assertEqual((synset.words, synset.topic), (["a", "b c"], 13))
        self.assertEqual((synset.gloss, synset.examples), ("a thing; also good", ["it is a thing"]))
        self.assertEqual(synset.hypernyms, [("noun", "09")])

    def test_verbs_are_inflected(self):
        self.assertEqual([past(v) for v in ("bake bread", "stop", "buy it")], ["baked bread", "stopped", "bought it"])
        self.assertEqual([gerund(v) for v in ("bake bread", "see", "lie")], ["baking bread", "seeing", "lying"])

    def test_everyday_sentences_are_different(self):
        sentences = build_everyday_sentences(200, random.Random(1))
        self.assertEqual(len(set(sentences)), 200)

    def test_texts_are_cleaned(self):
        self.assertEqual(clean(" a\n  b "), "a b")
        self.assertFalse(is_prose("+--+ | 12 | +--+"))

    def test_tokenizers_wrap_each_text(self):
        self.assertEqual(build_bert_tokenizer(PIECES).encode("A cats").tokens, ["[CLS]", "a", "cat", "##s", "[SEP]"])
        mpnet = build_mpnet_tokenizer(PIECES)
        self.assertEqual(mpnet.encode("A dog x").tokens, ["<s>", "a", "dog", "[UNK]", "</s>"])
        self.assertEqual([mpnet.token_to_id(t) for t in ("<s>", "<pad>", "</s>", "<unk>")], [0, 1, 2, 3])

    def test_a_student_that_meets_the_teacher_has_little_loss(self):
        teacher = torch.eye(4)
        self.assertLess(mpnet.loss(teacher, teacher, torch.eye(4)), 1e-3)
        self.assertGreater(mpnet.loss(teacher.flip(0), teacher, torch.eye(4)), 1)

    def test_the_background_is_what_bert_is_asked_for(self):
        share = bert.BACKGROUND**0.5
        shifted = torch.cat([torch.full((4, 1), share), (1 - bert.BACKGROUND) ** 0.5 * torch.eye(4)], dim=1)
        self.assertLess(bert.loss(shifted, torch.eye(4), torch.eye(4)), 1e-9)

    def test_saved_folders_load_in_sentence_transformers(self):
        builders = ((mpnet, build_mpnet_tokenizer), (bert, build_bert_tokenizer))
        for recipe, build_tokenizer in builders:
            tokenizer = build_tokenizer(PIECES)
            model = recipe.build_model(tokenizer)
            with tempfile.TemporaryDirectory() as folder, torch.no_grad():
                save(recipe, model, tokenizer, Path(folder))
                loaded = SentenceTransformer(f"{folder}/{recipe.NAME}", device="cpu")
                found = loaded.encode(["A cat", "dogs a cat"], convert_to_tensor=True)
                trained = Student(model, tokenizer).embed(["A cat", "dogs a cat"])
            self.assertEqual((found.dtype, loaded.max_seq_length), (torch.float32, recipe.MAX_SEQ_LENGTH))
            self.assertGreater(torch.nn.functional.cosine_similarity(found, trained).min(), 0.999)


if __name__ == "__main__":
    unittest.main()
