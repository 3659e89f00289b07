"""Arithmetic without a database: doctests, the grid, and what lib/ may import."""

import ast
import doctest
from itertools import product
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ..lib import lift, rfm, tiers

LIB = Path(rfm.__file__).parent
#: the published table of named segments, written here by ranges of its own:
#: ``R F M`` digits, ``*`` for nothing; see `GRID` in lib/rfm.py
NAMED = {
    "Champions": "44[5] 45[45] 54[45] 55[45]",
    "Loyal": "33[5] 34[45] 35[45] 43[5] 44[4] 54[3]",
    "Potential Loyalist": "32[3] 33[3] 34[12] 35[123] 42[3] 43[123] 44[12] 45[123] 53[123] 54[12] "
    "55[123]",
    "Recent Customers": "31[1] 41[12] 42[12] 51[12]",
    "Promising": "31[345] 41[345] 42[45] 51[345] 52[12345]",
    "Needing Attention": "32[45] 33[4] 34[3] 43[4] 44[3] 53[45]",
    "About To Sleep": "21[3] 22[1] 31[2] 32[1] 33[1]",
    "At Risk": "12[45] 13[345] 14[235] 15[23] 22[45] 23[45] 24[2345] 25[2345]",
    "Can't Lose": "11[345] 14[4] 15[45] 21[45]",
    "Hibernating": "12[23] 13[2] 21[12] 22[23] 23[123] 24[1] 25[1] 32[2] 33[2]",
    "Lost": "11[12] 12[1] 13[1] 14[1] 15[1]",
}


def expand(cells):
    """``"44[5] 45[45]"`` → {"445", "454", "455"}."""
    return {cell[:2] + digit for cell in cells.split() for digit in cell[3:-1]}


def imported_modules(path):
    """Names of the modules that a Python file imports, relative ones left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
        elif isinstance(node, ast.ImportFrom):
            # ``from ..models import x`` would bring the framework in by the back door
            yield "odoo" if node.level > 1 else ""


@tagged("post_install", "-at_install")
class TestLib(TransactionCase):
    def test_doctests(self):
        for module in (rfm, tiers, lift):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 0, module.__name__)
            self.assertEqual(result.failed, 0, module.__name__)

    def test_lib_knows_nothing_of_odoo(self):
        files = sorted(LIB.rglob("*.py"))
        self.assertIn(LIB / "rfm.py", files)
        for path in files:
            found = {name.partition(".")[0] for name in imported_modules(path)}
            self.assertFalse(found & {"odoo", "psycopg2"}, path.name)

    def test_grid_is_the_published_one(self):
        self.assertEqual(
            {name: set(rfm.parse_codes(codes)) for name, codes in rfm.GRID.items()},
            {name: expand(cells) for name, cells in NAMED.items()},
        )

    def test_grid_covers_every_code_once(self):
        codes = [code for cells in rfm.GRID.values() for code in rfm.parse_codes(cells)]
        self.assertEqual(sorted(codes), ["".join(code) for code in product("12345", repeat=3)])
        self.assertEqual(len(rfm.GRID), 11)
        self.assertIsNone(rfm.partition_problem([rfm.parse_codes(c) for c in rfm.GRID.values()]))

    def test_shipped_segments_are_the_grid(self):
        """What is shipped as data is the same table."""
        shipped = self.env.ref("crm_segments.segmentation_rfm").segment_ids
        self.assertEqual(
            {one.name: set(rfm.parse_codes(one.rfm_codes or "")) for one in shipped},
            {**{name: expand(cells) for name, cells in NAMED.items()}, "No purchase yet": set()},
        )
        self.assertEqual(shipped.filtered("is_rest").mapped("name"), ["No purchase yet"])

    def test_scores_by_definition(self):
        """1 + ⌊5 × strictly worse / n⌋, counted the slow way."""
        values = [3, 3, 1, 7, 7, 7, 9, 2, 5, 5, 5, 5, 11]
        slow = [1 + 5 * sum(x < value for x in values) // len(values) for value in values]
        self.assertEqual(rfm.scores(values), slow)
        self.assertEqual(rfm.scores([]), [])
        self.assertEqual(rfm.scores([42]), [1])

    def test_flat_is_over_80_percent(self):
        self.assertFalse(rfm.is_flat([1] * 4 + [2]))  # 80 % exactly can still be ranked
        self.assertTrue(rfm.is_flat([1] * 5 + [2]))  # 83.3 %
        self.assertTrue(rfm.is_flat([1]))
        self.assertFalse(rfm.is_flat([]))

    def test_codes_as_typed(self):
        self.assertEqual(rfm.parse_codes(" 111,112\n113 "), ["111", "112", "113"])
        self.assertEqual(rfm.parse_codes(""), [])
        for wrong in ("116", "11", "1111", "abc", "-11", "١١١"):
            with self.subTest(code=wrong), self.assertRaises(ValueError) as caught:
                rfm.parse_codes(f"555 {wrong}")
            self.assertEqual(caught.exception.args, (wrong,))

    def test_partition_problems(self):
        self.assertEqual(rfm.partition_problem([]), ("missing", "111"))
        self.assertEqual(rfm.partition_problem([rfm.ALL_CODES, ["345"]]), ("double", "345"))
        self.assertEqual(rfm.partition_problem([rfm.ALL_CODES[1:]]), ("missing", "111"))

    def test_pareto_by_hand(self):
        # total 100; shares of the strictly larger: 0, 50, 80, 80, 96
        self.assertEqual(tiers.pareto([50, 30, 8, 8, 4], [80, 95, 100]), [0, 0, 1, 1, 2])
        # all equal: nobody is larger, so all are A
        self.assertEqual(tiers.pareto([1, 1, 1], [80, 95, 100]), [0, 0, 0])

    def test_tier_by_hand(self):
        self.assertEqual([tiers.tier([1000, 0], v) for v in (-1, 0, 999, 1000)], [None, 1, 1, 0])
