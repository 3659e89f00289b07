"""The campaigns of the demonstration that run all year, on invoices made for it.

What is true of them is built into the sales; the planner has to find it out: that the letter's next
pound earns more than that of the remarketing, and that of the directory nothing can be told.
"""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from odoo.addons.crm_campaign_roi.tests.common_roi import RoiCase
from odoo.fields import Command
from odoo.tests import tagged

from tools.demo import continuing as demo
from tools.demo.quiet import backdate

#: invoices of a month: sums of them make any amount that a channel wants, to 50
AMOUNTS = (400, 200, 100, 50) * 3
PROSPECTS, BUYERS = 30, 8


@tagged("post_install", "-at_install")
class TestDemoContinuing(RoiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.crm_roi_contact_cap = 0
        cls.vendor.name = "Riverside Print"
        cls.tin = cls.env["product.product"].create(
            {"name": "Tin", "type": "consu", "list_price": 1, "standard_price": 0.6,
             "taxes_id": [Command.clear()]}
        )  # fmt: skip
        months = [cls.today + relativedelta(months=-back, day=10) for back in range(12, 0, -1)]
        partners = cls.partners(len(months) * len(AMOUNTS), "Customer")
        sold = [
            (partners[number * len(AMOUNTS) + place], day, amount)
            for number, day in enumerate(months)
            for place, amount in enumerate(AMOUNTS)
        ]
        # some who come without the remarketing, while it is tested
        sold += [(one, cls.ago(140), 60) for one in partners[:BUYERS]]
        cls.invoices = dict(enumerate(cls.sell(sold)))
        prospects = cls.partners(PROSPECTS, "Prospect")
        backdate(prospects, [datetime.now() - timedelta(days=400)] * PROSPECTS)
        cls.count_tables()
        demo.run_campaigns(cls.env, cls.invoices, partners, prospects, {"tin": cls.tin})
        cls.count_tables()
        cls.rebuild()
        page = cls.env["crm.marketing.return"].with_context(allowed_company_ids=cls.company.ids)
        cls.found = page.overview()
        cls.rows = {one["name"]: one for one in cls.found["campaigns"]}

    @classmethod
    def count_tables(cls):
        """Tests before this one were rolled back: tables full of dead rows are taken for empty.

        What is joined with them would be computed once a row.
        """
        cls.env.flush_all()
        cls.env.cr.execute("ANALYZE")
        cls.env.cr.execute("SET LOCAL enable_nestloop = off")

    @classmethod
    def partners(cls, number, name):
        return cls.env["res.partner"].create(
            [{"name": f"{name} {n}", "is_company": True, "email": f"{name}{n}@example.com"}
             for n in range(number)]
        )  # fmt: skip

    @classmethod
    def sell(cls, sold):
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": day,
                    "invoice_line_ids": [
                        Command.create(
                            {"product_id": cls.tin.id, "quantity": amount, "price_unit": 1}
                        )
                    ],
                }
                for partner, day, amount in sold
            ]
        )
        moves.action_post()
        return moves

    def slope(self, channel):
        return self.rows[channel.title]["marginal"]

    def test_cost_is_what_was_spent(self):
        """Of the eleven months of the page that are over, from bills and from the report."""
        for channel in demo.CHANNELS:
            with self.subTest(channel.title):
                wanted = sum(demo._costs(channel)[1:])
                self.assertAlmostEqual(self.rows[channel.title]["cost"], wanted, delta=0.5)

    def test_each_pound_more_brings_less(self):
        """Of the dear months a pound brings less than of the cheap ones, yet they bring more."""
        campaign = self.env["utm.campaign"].search([("title", "=", demo.LETTER.title)])
        rows = self.report._read_group(
            [("campaign_id", "=", campaign.id)], ["month:month"], ["cost:sum", "margin:sum"]
        )
        months = sorted((cost, margin) for _month, cost, margin in rows if cost)
        self.assertEqual(len(months), 12)
        cheap, little = map(sum, zip(*months[:4], strict=True))
        dear, much = map(sum, zip(*months[-4:], strict=True))
        self.assertGreater(much, 1.2 * little)
        self.assertLess(much / dear, 0.8 * little / cheap)

    def test_planner_moves_money_to_what_it_has_measured(self):
        grades = {name: self.rows[name]["grade"] for name in self.rows}
        self.assertEqual(grades[demo.LETTER.title], "experiment")
        self.assertEqual(grades[demo.REMARKETING.title], "experiment")
        self.assertEqual(grades[demo.DIRECTORY.title], "attribution")
        letter, remarketing = self.slope(demo.LETTER), self.slope(demo.REMARKETING)
        self.assertEqual((letter["state"], letter["months"]), ("known", 11))
        self.assertEqual(self.slope(demo.DIRECTORY)["state"], "flat")
        self.assertGreater(letter["slope"][1], 1, "each pound more earns itself back")
        self.assertLess(remarketing["slope"][1], 0.3, "most of it would have come anyway")
        plan = self.found["plan"]
        ids = [self.rows[one.title]["id"] for one in (demo.REMARKETING, demo.LETTER)]
        self.assertEqual([plan["state"], plan["source"], plan["target"]], ["move", *ids])
        value, low, high = plan["effect"]
        self.assertLess(0, low)
        self.assertLess(low, value)
        self.assertLess(value, high)

    def test_the_letter_works_and_the_remarketing_does_not(self):
        read = self.env["crm.campaign.audience"].search([("company_id", "=", self.company.id)])
        verdicts = {one.campaign_id.title: one.verdict for one in read}
        self.assertEqual(verdicts[demo.LETTER.title], "better")
        self.assertNotIn(verdicts[demo.REMARKETING.title], ("better", "small"))
