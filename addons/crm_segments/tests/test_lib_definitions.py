"""Definitions as data: domains to and from text, differences, files."""

import doctest
import json

from odoo.tests import BaseCase, tagged

from ..lib import definitions, portable_domain, transfer_file
from ..lib.portable_domain import DomainError, paths, to_data, to_text


def same(_path, value):
    return portable_domain.plain(value)


@tagged("post_install", "-at_install")
class TestPortableDomain(BaseCase):
    def test_doctests(self):
        for module in (portable_domain, transfer_file):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 0, module.__name__)
            self.assertEqual(result.failed, 0, module.__name__)

    def test_round_trip(self):
        for text in (
            "[]",
            "[(1, '=', 1)]",
            "[('a', '=', None), ('b', '!=', False), ('c', '=', 'its')]",
            "['&', '!', ('a', 'in', [1, 2]), '|', ('b', '=', 1.5), ('c', '=', -3)]",
            "[('a', '>', context_today() - relativedelta(days=3))]",
            "[('a', 'any', [('b', 'not any', [('c', '=', 1)])])]",
            "[('a', '=', 1)] + [('b', '=', 2)]",
        ):
            with self.subTest(text):
                data = json.loads(json.dumps(to_data(text, same)))
                self.assertEqual(to_text(data, same), text)

    def test_paths_and_what_the_caller_sees(self):
        seen = []
        text = "[('a', '=', 1), ('b.c', 'any', [('d', 'in', (2, 3))]), ('e', '<', context_today())]"
        data = to_data(text, lambda path, value: seen.append((path, value)))
        self.assertEqual(seen, [("a", 1), ("b.c.d", (2, 3))])
        self.assertEqual(paths(data), ["a", "b.c", "b.c.d", "e"])

    def test_no_domain(self):
        for text in ("[('a', '=', 1", "[(a, '=', 1)]", "["):
            with self.subTest(text), self.assertRaises(DomainError):
                to_data(text, same)
        for data in ("text", 3, None, [["a"]], [["a", 1, 2]], [3], {"other": 1}):
            with self.subTest(data), self.assertRaises(DomainError):
                to_text(data, same)


@tagged("post_install", "-at_install")
class TestDifferences(BaseCase):
    def changes(self, old, new):
        base = {"name": {"en_US": "N"}, "segments": []}
        return definitions.differences({**base, **old}, {**base, **new})

    def test_records_are_the_same_whatever_their_name(self):
        one, other = ({"model": "m", "id": 3, "name": name} for name in ("A", "B"))
        rule = [["x", "in", [one]]]
        self.assertEqual(self.changes({"domain": rule}, {"domain": [["x", "in", [other]]]}), [])
        moved = [["x", "in", [{**one, "id": 4}]]]
        self.assertEqual(
            self.changes({"domain": rule}, {"domain": moved}), [{"what": "field", "field": "domain"}]
        )

    def test_values(self):
        for old, new, differs in (
            ([["x", "=", 0]], [["x", "=", False]], True),
            ([["x", "=", 1]], [["x", "=", True]], True),
            ([], None, False),
            ("", False, False),
            (0, None, False),
            (True, 1, True),
        ):
            with self.subTest(old=old, new=new):
                self.assertEqual(bool(self.changes({"a": old}, {"a": new})), differs)

    def test_names_in_common_languages(self):
        old = {"name": {"en_US": "N"}}
        self.assertFalse(self.changes(old, {"name": {"en_US": "N", "ru_RU": "Н"}}))
        self.assertTrue(self.changes(old, {"name": {"en_US": "M"}}))

    def test_segments_of_values_come_by_themselves(self):
        value = {"id": 5, "name": {"en_US": "V"}, "value_key": {"model": "m", "id": 1}}
        self.assertEqual(self.changes({}, {"segments": [value]}), [])
        [removed] = self.changes({"segments": [value]}, {})
        self.assertEqual(removed["what"], "removed")

    def test_without_ids(self):
        data = {"id": 1, "segments": [{"id": 2, "domain": [["id", "in", [{"id": 3, "name": "A"}]]]}]}
        self.assertEqual(
            definitions.without_ids(data),
            {"segments": [{"domain": [["id", "in", [{"name": "A"}]]]}]},
        )
