"""Three-valued logic: doctests, truth tables, trees."""

import doctest
from itertools import product
from types import SimpleNamespace

from odoo.tests import TransactionCase, tagged

from ..lib import ternary


def joined(operator, *children):
    return SimpleNamespace(OPERATOR=operator, children=children)


@tagged("post_install", "-at_install")
class TestLibTernary(TransactionCase):
    def test_doctests(self):
        result = doctest.testmod(ternary)
        self.assertFalse(result.failed)
        self.assertTrue(result.attempted)

    def test_a_verdict_holds_whatever_the_unknown_turns_out_to_be(self):
        """Against brute force: unknown exactly where both outcomes are possible."""
        for verdicts in product((True, False, None), repeat=3):
            worlds = product(*((True, False) if one is None else (one,) for one in verdicts))
            worlds = list(worlds)
            for join, plain in ((ternary.both, all), (ternary.either, any)):
                outcomes = {plain(world) for world in worlds}
                expected = outcomes.pop() if len(outcomes) == 1 else None
                self.assertIs(join(verdicts), expected, (verdicts, plain))

    def test_trees(self):
        leaves = {"t": True, "f": False, "?": None}
        for tree, verdict in (
            ("?", None),
            (joined("&", "t", joined("|", "f", "?")), None),
            (joined("&", "f", joined("|", "f", "?")), False),
            (joined("|", SimpleNamespace(child="f"), "?"), True),
            (SimpleNamespace(child=joined("&", "t", "?")), None),
            (SimpleNamespace(child=joined("&", "f", "?")), True),
        ):
            self.assertIs(ternary.of_tree(tree, leaves.get), verdict, tree)

    def test_what_does_not_matter_is_not_asked(self):
        asked = []

        def decide(leaf):
            asked.append(leaf)
            return leaf == "t"

        self.assertIs(ternary.of_tree(joined("&", "f", "t"), decide), False)
        self.assertIs(ternary.of_tree(joined("|", "t", "f"), decide), True)
        self.assertEqual(asked, ["f", "t"])

    def test_first_match_by_brute_force(self):
        for verdicts in product((True, False, None), repeat=3):
            worlds = product(*((True, False) if one is None else (one,) for one in verdicts))
            found = {world.index(True) if True in world else None for world in worlds}
            for index, verdict in enumerate(ternary.first_match(verdicts)):
                expected = {one == index for one in found}
                expected = expected.pop() if len(expected) == 1 else None
                self.assertIs(verdict, expected, (verdicts, index))
