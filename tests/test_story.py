"""One story through all three add-ons, clicked in the browser, in English and in Russian.

A lead comes from a campaign; it has a segment provisionally, and a scenario plans a call. It gets
a quotation with a recommended product and a price that is usual in its segment. Order, invoice,
payment. Then the customer says where it belongs and why, and the campaign what it has earned, down
to the line of the invoice. What the night or a scheduled action does is done between the chapters.
"""

import json
from pathlib import Path

from odoo.addons.crm_scenarios.tests.common_recommendations import RecommendationsMixin
from odoo.addons.crm_scenarios.tests.common_scenarios import ScenariosMixin
from odoo.addons.crm_segments.tests.common import InvoiceCase
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

TOURS = (Path(__file__).parent / "story_tours.js").read_text()
GROUPS = (
    "sales_team.group_sale_manager",
    "account.group_account_manager",
    "mass_mailing.group_mass_mailing_user",
    "crm_segments.group_segments_manager",
    "crm_campaign_roi.group_roi_manager",
)
#: the modules whose texts the chapters show
SPOKEN = ("crm_segments", "crm_scenarios", "crm_campaign_roi")


class StoryCase(RecommendationsMixin, ScenariosMixin, InvoiceCase, HttpCase):
    """What a company has before the story begins: bakers who buy flour, and a fair that cost 40."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_scenarios()
        cls.bakers = cls.env["res.partner.industry"].create({"name": "Story bakers"})
        cls.set_up_trade()
        cls.set_up_divisions()
        cls.set_up_campaign()
        cls.call = cls.scenario(
            cls.step("Story call"), applies_to="crm.lead", trigger="lead", goal="won",
            segment_ids=cls.trades.segment_ids.ids, end_on_leave=True,
        )  # fmt: skip

    @classmethod
    def set_up_trade(cls):
        """Ten bakers have bought flour for 80 to 77, which costs 30."""
        category = cls.env["product.category"].create({"name": "Story goods"})
        cls.flour = cls.make_product(
            "Story flour", 80, categ_id=category.id, invoice_policy="order", standard_price=30
        )
        cls.crowd = cls.env["res.partner"].create(
            [
                {"name": f"Baker {n}", "is_company": True, "industry_id": cls.bakers.id}
                for n in range(10)
            ]
        )
        for number, partner in enumerate(cls.crowd):
            for month in range(3):
                price = 80 - month
                cls.bought(
                    partner, cls.flour, 30 * month + number + 5,
                    amount_untaxed=price, amount_company=price,
                )  # fmt: skip
        others = cls.env["res.partner"].create(
            [{"name": f"Other {n}", "is_company": True} for n in range(20)]
        )
        tool = cls.make_product("Story tool", 5, categ_id=category.id)
        for number, partner in enumerate(others):
            cls.bought(partner, tool, 10 + number)

    @classmethod
    def set_up_divisions(cls):
        """By trade, which a lead has; by size, which takes purchases."""
        field = cls.env.ref("base.field_res_partner__industry_id")
        cls.trades = cls.segmentation("field", {}, name="Story trades", field_id=field.id)
        cls.sizes = cls.rules(
            {
                "Story buyers": "[('revenue_12m', '>=', 50)]",
                "Story others": "[('revenue_12m', '<', 50)]",
            },
            name="Story size",
        )
        (cls.trades | cls.sizes).enabled = True
        (cls.trades | cls.sizes).run()
        cls.company.crm_reporting_segmentation_id = cls.trades
        cls.learner = cls.env["crm.recommendation.model"].sudo()
        cls.learn()
        cls.env["crm.price.guidance"]._rebuild(cls.company)

    @classmethod
    def set_up_campaign(cls):
        """A fair with a vendor bill of 40 on its analytic account."""
        cls.fair = cls.env["utm.campaign"].create(
            {"title": "Story fair", "company_id": cls.company.id}
        )
        cls.fair.action_create_analytic_account()
        account = cls.company_data["default_account_expense"]
        bill = cls.invoice(cls.customer("Story printer"), 3, 40, "in_invoice", post=False)
        bill.invoice_line_ids.write(
            {
                "account_id": account.id,
                "analytic_distribution": {str(cls.fair.crm_analytic_account_id.id): 100},
            }
        )
        bill.action_post()

    def owner(self, lang):
        """The owner of the company, who does it all."""
        return new_test_user(
            self.env, login=f"story_{lang}", groups=",".join(GROUPS), lang=lang,
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip

    def chapter(self, name, path, user):
        """Click through a chapter in the user's language."""
        name = f"story_{name}_{user.lang[:2]}"
        code = f"{TOURS}; odoo.startTour({name!r}, {json.dumps({'startUrl': path})})"
        self.start_tour(
            path, name, login=user.login, code=code, ready="Boolean(odoo.startTour)", timeout=120
        )
        self.env.invalidate_all()

    def at_night(self):
        """Place the customers whose documents changed; divide the credit for the orders."""
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_queue").method_direct_trigger()
        self.env["crm.touchpoint"]._refresh()

    def tell(self, lang):
        """All of the story, by a user of this language."""
        user = self.owner(lang)
        self.chapter("lead", "/odoo/crm.lead/new", user)
        lead = self.env["crm.lead"].search([("partner_name", "=", "Story bakery")])
        self.assertEqual((lead.campaign_id, lead.partner_id.ids), (self.fair, []))
        self.process()
        self.chapter("sale", f"/odoo/crm.lead/{lead.id}", user)
        customer, invoice = lead.partner_id, lead.order_ids.invoice_ids
        self.assertEqual((customer.name, customer.industry_id), ("Story bakery", self.bakers))
        self.assertEqual((lead.order_ids.order_line.product_id, invoice.amount_untaxed),
                         (self.flour, 80))  # fmt: skip
        self.assertTrue(invoice.payment_state in ("paid", "in_payment"), invoice.payment_state)
        self.at_night()
        self.chapter("answers", f"/odoo/contacts/{customer.id}", user)


@tagged("post_install", "-at_install")
class TestStory(StoryCase):
    def test_english(self):
        self.tell("en_US")

    def test_russian(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.env["ir.module.module"]._load_module_terms(SPOKEN, ["ru_RU"])
        self.tell("ru_RU")
