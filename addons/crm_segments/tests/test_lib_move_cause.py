"""Which fact decides."""

import doctest
import unittest

from ..lib import move_cause


class TestMoveCause(unittest.TestCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(move_cause).failed, 0)

    def test_order(self):
        expected = ["hand", "newcomer", "rule", "corrected", "own", "time", "others"]
        facts = dict.fromkeys(expected, True)
        found = []
        while facts:
            found.append(move_cause.cause(facts))
            del facts[found[-1]]
        self.assertEqual(found, expected)
