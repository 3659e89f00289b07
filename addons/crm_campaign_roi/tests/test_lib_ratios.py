"""The arithmetic without a database, and that it stays so."""

import ast
import doctest
import unittest
from pathlib import Path

from ..lib import ratios


class TestLib(unittest.TestCase):
    def test_doctests(self):
        failed, count = doctest.testmod(ratios)
        self.assertTrue(count)
        self.assertFalse(failed)

    def test_unknown_spreads(self):
        """n/a is never 0 or infinity, and a negative cost (a refund alone) gives no ratio."""
        self.assertIsNone(ratios.roi(10, 0))
        self.assertIsNone(ratios.roi(10, -5))
        self.assertIsNone(ratios.roi(None, 10))
        self.assertEqual(ratios.roi(0, 10), -1)

    def test_no_odoo(self):
        for path in Path(ratios.__file__).parent.rglob("*.py"):
            names = [
                name.name if isinstance(node, ast.Import) else node.module or ""
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, (ast.Import, ast.ImportFrom))
                for name in node.names
            ]
            # what several add-ons need stands in the lib of the lowest, which has no odoo either
            below = "odoo.addons.crm_segments.lib"
            odoo = [one for one in names if one.split(".")[0] == "odoo" and below not in one]
            self.assertFalse(odoo, path.name)
