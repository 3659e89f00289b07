"""Rules that people type: refused in their words, with nothing half-written."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SegmentsCase

#: typed rule → what the message has to name
WRONG = {
    "[('country_id', '=', True)]": "doesn't fit",
    "[('name', '=', 'x'": "",
    "name = x": "",
    "nonsense": "nonsense",
    "5": "",
    "[5]": "",
    "[('name', '=')]": "",
    "['&', ('name', '=', 'x')]": "",
    "[('no_such_field', '=', 1)]": "no_such_field",
    "[('country_id.no_such_field', '=', 1)]": "doesn't exist (any more): country_id.no_such_field",
    "[('child_ids', 'any', [('gone', '=', 1)])]": "doesn't exist (any more): child_ids.gone",
    "['|', ('name', '=', 'x'), ('gone', '=', 1)]": "doesn't exist (any more): gone",
    "[('name.upper', '=', 1)]": "",
    "[('name', 'resembles', 'x')]": "resembles",
    "[('email_formatted', '=', 'x')]": "email_formatted",
    "[('user_id', '=', uid)]": "uid",
    "[('user_id', '=', user.id)]": "uid",
    "[('child_ids', 'any', [('user_id', '=', uid)])]": "uid",
    "[('name', '=', ''.__class__)]": "",
    "[('name', '=', __import__('os').getcwd())]": "__import__",
    "[('name', '=', open('/etc/passwd').read())]": "open",
    "[('name', '=', [x for x in (1, 2)])]": "x",
    "[('purchase_count', '=', 1/0)]": "",
    "[('purchase_count', '>', 'abc')]": "abc",
    "[('revenue_total', '>', 'a lot')]": "a lot",
    "[('last_purchase_date', '>', 'someday')]": "someday",
    "[('purchase_count', '=', 'abc')]": "abc",
    "[('last_purchase_date', '=', 'abc')]": "abc",
    "[('purchase_count', 'ilike', '5')]": "",
    "[('is_crm_customer', '>', 5)]": "",
    "[('last_purchase_date', '>', (context_today() - relativedelta(years=9999)))]": "",
    "(" * 300 + ")" * 300: "",
}


@tagged("post_install", "-at_install")
class TestDomainErrors(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann", city="Warsaw")
        cls.sale(cls.ann, 10, 10)

    def refused(self, text, words, function):
        """The message says what the rule belongs to, names the culprit, and is no traceback."""
        with self.subTest(text), mute_logger("odoo.domains", "odoo.orm.domains"):
            with self.assertRaises(ValidationError) as caught:
                function(text)
            message = caught.exception.args[0]
            self.assertIn("Gold", message)
            self.assertIn(words, message)
            self.assertNotIn("Traceback", message)
            self.assertNotIn("Invalid field", message)

    def test_rule_of_a_segment(self):
        segmentation = self.rules({"Gold": "[]"})
        self.run_done(segmentation)
        [segment], before = segmentation.segment_ids, self.current(segmentation).ids
        for text, words in WRONG.items():
            self.refused(text, words, lambda text: segment.write({"domain": text}))
        self.env.invalidate_all()
        self.assertEqual(segment.domain, "[]")
        self.assertEqual(self.current(segmentation).ids, before)

    def test_population(self):
        count = self.env["crm.segmentation"].search_count([])
        for text, words in WRONG.items():
            self.refused(
                text, words, lambda text: self.rules({"A": "[]"}, name="Gold", domain=text)
            )
        self.assertEqual(self.env["crm.segmentation"].search_count([]), count)
        self.assertFalse(
            self.env["crm.segment"].search([("name", "=", "A"), ("method", "=", "rule")])
        )

    def test_nothing_of_a_wrong_division_is_made(self):
        before = self.env["crm.segment"].search_count([])
        with self.assertRaises(ValidationError):
            self.rules({"Good": "[]", "Bad": "[('nope', '=', 1)]"})
        self.assertEqual(self.env["crm.segment"].search_count([]), before)

    def test_what_looks_wrong_but_is_not(self):
        for text in (
            "", "[]", "[('name', 'ilike', 'uid')]", "[('city', '=', \"War'saw\")]",
            "['|', ('city', '=', 'Warsaw'), '!', ('city', 'like', '%')]",
            "[('revenue_total', '>', 9.99), ('last_purchase_date', '>=', '-1y')]",
            "[('category_id.name', 'ilike', 'x')]", "[('purchase_count', '=', False)]",
            "[('city', 'in', ['Warsaw', False])]", "[(1, '=', 1)]", "[(0, '=', 1)]",
        ):  # fmt: skip
            with self.subTest(text):
                self.run_done(self.rules({"Gold": text}))

    def test_empty_population(self):
        for method, segments in (
            ("rule", {"A": {"domain": "[]"}, "B": {"is_rest": True}}),
            ("tier", {"A": {"threshold": 1}}),
            ("abc", {"A": {"threshold": 80}}),
        ):
            with self.subTest(method):
                segmentation = self.segmentation(method, segments, domain="[(0, '=', 1)]")
                self.assertEqual(self.run_done(segmentation), (0, 0, 0))
                self.assertEqual(segmentation.customer_count, 0)
                self.assertEqual({row["share"] for row in segmentation.distribution}, {0})
        for name in ("rfm", "industry"):
            with self.subTest(name):
                segmentation = self.env.ref(f"crm_segments.segmentation_{name}").sudo()
                segmentation.domain = "[(0, '=', 1)]"
                self.assertEqual(self.run_done(segmentation), (0, 0, 0))
                self.assertFalse(segmentation.last_run_id.notes)

    def test_values_in_rules_are_values(self):
        """Quotes, percent signs and statements in a rule stay text."""
        bobby = self.customer("Robert'); DROP TABLE crm_segment;-- 100 %s %(x)s")
        segmentation = self.rules({"Gold": str([("name", "=", bobby.name)])})
        self.run_done(segmentation)
        self.assertEqual(self.placed(segmentation), {bobby.name: "Gold"})
        self.assertEqual(self.current(segmentation).evidence["values"], {"name": bobby.name})
