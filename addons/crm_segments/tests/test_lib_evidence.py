"""Truth tables of rules, sentences, distances: without a database."""

import doctest
import random
from datetime import date
from itertools import count, product

from odoo.tests import TransactionCase, tagged

from ..lib import distance, evidence, rfm

WORDS = {"and": "and", "or": "or", "not": "not", "always": "all", "never": "nobody"}
A, B, C = ("a", "=", 1), ("b", "=", 1), ("c", "=", 1)
T, F, U = True, False, None


@tagged("post_install", "-at_install")
class TestEvidence(TransactionCase):
    def test_doctests(self):
        for module in (evidence, distance):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_truth_table(self):
        """Verdicts of (A or B) and not C, worked out by hand."""
        tree = evidence.parse(["&", "|", A, B, "!", C])
        for leaves, expected in {
            (T, F, F): T, (F, T, F): T, (T, T, T): F, (F, F, F): F, (F, F, U): F,
            (T, F, U): U, (U, F, F): U, (U, T, F): T, (U, U, T): F, (U, U, U): U,
        }.items():  # fmt: skip
            with self.subTest(leaves):
                self.assertIs(evidence.verdict(tree, leaves), expected)

    def test_two_valued_logic_is_that_of_python(self):
        tree = evidence.parse(["|", "!", "&", A, B, "&", B, "!", "|", A, C])
        for a, b, c in product((T, F), repeat=3):
            expected = not (a and b) or (b and not (a or c))
            self.assertIs(evidence.verdict(tree, [a, b, b, a, c]), expected)

    def test_sentence(self):
        for prefix, expected in (
            ([A], "0"),
            ([A, B], "0 and 1"),
            (["|", A, "&", B, C], "0 or (1 and 2)"),
            (["!", "|", A, B], "not (0 or 1)"),
            ([(1, "=", 1)], "all"),
            ([(0, "=", 1)], "nobody"),
        ):
            tree = evidence.parse(prefix)
            self.assertEqual(evidence.sentence(tree, "012", WORDS), expected)

    def test_lacking(self):
        text = lambda index, wanted: f"{'' if wanted else 'no '}{index}"  # noqa: E731
        for prefix, leaves, expected in (
            ([A, B, C], [T, F, F], ["1", "2"]),
            (["|", A, "&", B, C], [F, T, F], ["0, or 2"]),
            (["|", A, "&", B, C], [F, F, F], ["0, or 1 and 2"]),
            (["|", A, B], [F, T], []),
            (["!", A, B], [T, T], ["no 0"]),
            (["!", "&", A, B], [T, T], ["no 0, or no 1"]),
            ([(0, "=", 1)], [], []),
        ):
            tree = evidence.parse(prefix)
            with self.subTest(str(prefix)):
                lack = evidence.lacking(tree, leaves)
                self.assertEqual(evidence.phrases(lack, text, WORDS), expected)

    def test_following_what_is_lacking_makes_it_true(self):
        """Whatever the rule: change what is named, and the rule fits."""
        rng = random.Random(4)
        for _round in range(300):
            # each condition once: where two say the opposite nothing could help
            tree = self.random_tree(rng, 3, count())
            leaves = [rng.random() < 0.5 for _leaf in range(8)]
            if lack := evidence.lacking(tree, leaves):
                self.follow(lack, leaves, rng)
            self.assertIs(evidence.verdict(tree, leaves), True, tree)

    def random_tree(self, rng, depth, numbers):
        if not depth or rng.random() < 0.2:
            return ("leaf", next(numbers))
        if rng.random() < 0.25:
            return ("not", [self.random_tree(rng, depth - 1, numbers)])
        kind = rng.choice(("and", "or"))
        children = [self.random_tree(rng, depth - 1, numbers) for _child in range(2)]
        return evidence.join(kind, children)

    def follow(self, lack, leaves, rng):
        if lack[0] == "leaf":
            leaves[lack[1]] = lack[2]
            return
        for part in lack[1] if lack[0] == "all" else [rng.choice(lack[1])]:
            self.follow(part, leaves, rng)


@tagged("post_install", "-at_install")
class TestDistance(TransactionCase):
    def test_what_is_added_satisfies_the_condition(self):
        holds = {
            ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "=": lambda a, b: a == b,
            "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
        }  # fmt: skip
        for operator, value, limit in product(holds, (0, 3, 7), (0, 3, 7)):
            if not holds[operator](value, limit):
                gap = distance.gap(operator, value, limit)
                self.assertTrue(holds[operator](value + gap, limit), (operator, value, limit))

    def test_days_on_which_a_relative_date_turns(self):
        """90 days after 1 March is 30 May: 'more than 90 days ago' begins on the 31st."""
        self.assertEqual(
            distance.first_day("<", date(2026, 3, 1), [("days", -90)]), date(2026, 5, 31)
        )
        self.assertEqual(
            distance.last_day(">=", date(2026, 3, 1), [("days", -90)]), date(2026, 5, 30)
        )
        # a month after 31 January: 28 February minus a month is the 28th, so only 1 March counts
        self.assertEqual(
            distance.first_day("<", date(2026, 1, 31), [("months", -1)]), date(2026, 3, 1)
        )
        self.assertEqual(distance.last_day_in_year(date(2028, 2, 29)), date(2029, 2, 28))

    def test_pareto_reach_against_trying_out(self):
        rng = random.Random(7)
        for _round in range(60):
            others = [rng.randint(1, 40) for _other in range(rng.randint(1, 7))]
            cutoff = rng.choice((50, 80, 95))
            reach = distance.pareto_reach(others, cutoff)
            tried = next(
                figure / 10 for figure in range(1, 2000)
                if 100 * sum(one for one in others if one > figure / 10)
                < cutoff * (sum(others) + figure / 10)
            )  # fmt: skip
            self.assertLess(abs(tried - reach), 0.11, (others, cutoff))

    def test_edge_of_a_score_against_the_scores(self):
        """Just above the named buyer the score is reached, at it not yet."""
        rng = random.Random(9)
        for _round in range(100):
            others = sorted(rng.randint(0, 30) for _other in range(rng.randint(1, 12)))
            score = rng.randint(2, 5)
            worse = distance.worse_needed(len(others) + 1, score)
            if worse > len(others):
                continue
            edge = others[worse - 1]
            self.assertGreaterEqual(rfm.scores([*others, edge + 1])[-1], score)
            self.assertLess(rfm.scores([*others, edge])[-1], score)
