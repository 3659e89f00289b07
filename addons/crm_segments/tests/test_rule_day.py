"""A day passed in means the same to every part as the clock does."""

import doctest
from datetime import date, datetime, timedelta

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.date_utils import parse_date

from ..lib import relative_days
from ..models.rule_day import on_day
from .common import SegmentsCase

TEXTS = (
    "today", "today -30d", "today +2w", "today -1m", "today =1d", "today =1d -1m", "today =2m =29d",
    "today =monday", "today -monday", "today +sunday", "today =week_start", "today -1y +1d",
    "-90d", "now", "now -3H", "=1d", "-1m =15d", "+friday", "=week_start -1w", "=12m =31d -1y",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestRuleDay(SegmentsCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(relative_days).failed)

    def test_relative_days_as_the_host_reads_them(self):
        start = int(self.env["res.lang"]._get_data(code=self.env.user.lang).week_start) - 1
        env = self.env["crm.segmentation"]._rule_env()
        for text in TEXTS:
            ours = relative_days.resolve(text, self.today, start)
            theirs = parse_date(text, env)
            self.assertTrue(relative_days.is_relative(text), text)
            self.assertEqual(isinstance(ours, datetime), isinstance(theirs, datetime), text)
            if "H" not in text:
                self.assertEqual(str(ours)[:10], str(theirs)[:10], text)

    def test_what_is_no_relative_day(self):
        for value in ("2024-02-29", "2024-02-29 10:00:00", "", "Warsaw", False, 7, None):
            self.assertFalse(relative_days.is_relative(value), value)
        self.assertRaises(ValueError, relative_days.resolve, "today -3", self.today)

    def test_domains(self):
        env = self.env(context={**self.env.context, "segments_today": date(2024, 3, 31)})
        partners = env["res.partner"]
        domain = (
            Domain("last_purchase_date", ">=", "today -1m")
            & ~Domain("name", "=", "today")
            & Domain("child_ids", "any", [("create_date", "<", "=1d")])
            & Domain("parent_id.create_date", "in", ["today", False])
        )
        found = [
            (one.field_expr, one.value) for one in on_day(env, domain, partners).iter_conditions()
        ]
        self.assertEqual(found[0], ("last_purchase_date", date(2024, 2, 29)))
        self.assertEqual(found[1], ("name", "today"))
        [inner] = Domain(found[2][1]).iter_conditions()
        self.assertEqual(inner.value, datetime(2024, 3, 1))
        self.assertEqual(set(found[3][1]), {date(2024, 3, 31), False})
        self.assertEqual(on_day(self.env, domain, partners), domain)

    def test_figures_and_rules_of_a_past_day(self):
        """Bought 400 and 40 days ago: 300 days ago the second purchase had not happened."""
        ann = self.customer("Ann")
        self.sale(ann, 400, 10)
        self.sale(ann, 40, 20)
        div = self.rules(
            {
                "Month": "[('last_purchase_date', '>=', 'today -30d')]",
                "Quarter": "[('last_purchase_date', '>=',"
                " (context_today() - relativedelta(days=110)).strftime('%Y-%m-%d'))]",
                "Once": "[('purchase_count', '>', 0)]",
            }
        )
        for ago, segment in ((395, "Month"), (300, "Quarter"), (200, "Once"), (20, "Month")):
            day = self.today - timedelta(ago)
            div.with_context(segments_today=day).run()
            self.assertEqual(self.placed(div, ann), {"Ann": segment}, ago)
        self.assertEqual(self.stays(div, ann)[-1][1:3], (self.today - timedelta(20), False))
