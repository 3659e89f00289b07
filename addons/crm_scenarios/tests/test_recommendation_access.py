"""Who may ask for recommendations, and what they see of colleagues' documents."""

from odoo.addons.crm_segments.tests.common import InvoiceCase, UsersMixin
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_recommendations import RecommendationsCase, RecommendationsMixin

SELLERS = {"own", "all"}
MANAGERS = {"all", "marketer"}
#: model → who may read; nobody writes
MODELS = {
    "crm.recommendation.model": MANAGERS,
    "crm.product.affinity": MANAGERS,
    "crm.product.usage": MANAGERS,
    "crm.recommendation.feedback": SELLERS | MANAGERS,
    "crm.recommendation.report": SELLERS | MANAGERS,
}


@tagged("post_install", "-at_install")
class TestRecommendationAccess(UsersMixin, RecommendationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        for partner in cls.ours:
            cls.bought(partner, cls.anchor, 200, 3)
        cls.learn()

    def test_models(self):
        for name, readers in MODELS.items():
            for login in self.USERS:
                model = self.env[name].with_user(self.users[login])
                self.assertEqual(model.has_access("read"), login in readers, (name, login))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(model.has_access(operation), (name, login, operation))

    def test_methods(self):
        line = {"product_id": self.friend.id, "list": "new", "quantity": 1}
        partner = {"partner_id": self.mine.id}
        feedback, service = "crm.recommendation.feedback", "crm.recommendation"
        calls = {
            "recommend": (SELLERS, lambda env: env[service].recommend(**partner)),
            "prices": (SELLERS, lambda env: env[service].prices([line], **partner)),
            "note_shown": (SELLERS, lambda env: env[feedback].note_shown([line], **partner)),
            "dismiss": (SELLERS, lambda env: env[feedback].dismiss(line, "later", **partner)),
            "restore": (SELLERS, lambda env: env[feedback].restore(self.friend.id, **partner)),
            "quote": (
                SELLERS,
                lambda env: env["sale.order"].new_with_recommended([line], **partner),
            ),
            "open": (MANAGERS, lambda env: env["crm.recommendation.model"].action_open()),
        }
        for name, (allowed, call) in calls.items():
            for login in self.USERS:
                env = self.as_user(login, self.env["res.partner"]).env
                if login in allowed:
                    call(env)
                else:
                    with self.assertRaises(AccessError, msg=f"{name} as {login}"):
                        call(env)

    def test_rebuild_is_for_managers(self):
        model = self.learner._of_company(self.company)
        self.as_user("marketer", model).action_rebuild()
        self.assertEqual(model.state, "waiting")
        for login in ("own", "all", "reader"):
            with self.assertRaises(AccessError):
                self.as_user(login, model).action_rebuild()

    def test_colleagues_customer(self):
        """Nothing bought is told of a colleague's customer, nor that it was bought."""
        for partner, shown in ((self.mine, True), (self.free, True), (self.theirs, False)):
            found = self.recommend(partner, user=self.users["own"])
            self.assertEqual(bool(found["again"]), shown, partner.name)
            self.assertEqual(found["about"]["hidden"], not shown)
            texts = [line["reason"] for line in found["new"] + found["sellers"]]
            self.assertEqual(any("Anchor" in text for text in texts), shown)
            self.assertNotListed({**found, "again": []}, self.anchor)
        self.assertTrue(self.recommend(self.theirs, user=self.users["all"])["again"])

    def test_bought_before_it_was_another_companys(self):
        """What the customer has may be hidden since: it counts, and is not named."""
        line = self.line_of(self.recommend(self.mine), "new", self.friend)
        self.assertIn("Anchor", line["reason"])
        self.anchor.product_tmpl_id.company_id = self.env["res.company"].create({"name": "Other"})
        found = self.recommend(self.mine, user=self.users["own"])
        self.assertNotListed(found, self.anchor)
        self.assertEqual(
            self.line_of(found, "new", self.friend)["reason"].partition(";")[0],
            "8 of 15 customers who bought another product of this customer also bought this",
        )

    def test_record_that_is_gone(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone.unlink()
        service = self.env["crm.recommendation"].with_user(self.users["own"])
        for asked in (gone.id, True, "1", 0):
            with self.assertRaises(UserError) as caught:
                service.recommend(partner_id=asked)
            self.assertNotIsInstance(caught.exception, AccessError)

    def test_own_feedback_only(self):
        line = {"product_id": self.friend.id, "list": "new"}
        for login in ("own", "all"):  # the offer is of whoever comes first
            feedback = self.as_user(login, self.env["crm.recommendation.feedback"])
            feedback.dismiss(line, "later", partner_id=self.mine.id)
        for name in ("crm.recommendation.feedback", "crm.recommendation.report"):
            own = self.as_user("own", self.env[name]).search([])
            self.assertEqual(own.user_id, self.users["own"])
        everything = self.as_user("all", self.env["crm.recommendation.feedback"]).search([])
        self.assertEqual(len(everything), 2)

    def test_quotation_of_a_colleague(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.theirs.id, "user_id": self.users["all"].id}
        )
        for call in (
            lambda env: env["crm.recommendation"].recommend(order_id=order.id),
            lambda env: order.with_env(env).add_recommended(
                [{"product_id": self.friend.id, "quantity": 1, "list": "new"}]
            ),
            lambda env: order.with_env(env).action_recommend(),
        ):
            with self.assertRaises(AccessError):
                call(self.as_user("own", order).env)


@tagged("post_install", "-at_install")
class TestRecommendationDocuments(RecommendationsMixin, InvoiceCase):
    def test_own_invoice_of_a_colleagues_customer(self):
        """Of a colleague's customer a salesperson sees what the host shows: the own invoice."""
        seller, colleague = (
            new_test_user(self.env, login=f"offer_{name}", groups="sales_team.group_sale_salesman",
                          company_id=self.company.id, company_ids=[Command.set(self.company.ids)])
            for name in ("seller", "colleague")
        )  # fmt: skip
        self.set_up_recommendations()
        theirs = self.customer("Theirs", user_id=colleague.id)
        for product, user in ((self.anchor, seller), (self.friend, colleague)):
            for day in (300, 150):
                line = {"product_id": product.id, "quantity": 2, "price_unit": 10,
                        "tax_ids": [Command.clear()]}  # fmt: skip
                self.invoice(theirs, day, 0, invoice_line_ids=[Command.create(line)],
                             invoice_user_id=user.id)  # fmt: skip
        self.learn()
        found = self.recommend(theirs, user=seller)
        self.assertListed(found, "again", self.anchor)
        self.assertNotListed(found, self.friend)
        self.assertListed(self.recommend(theirs, user=colleague), "again", self.anchor, self.friend)


@tagged("post_install", "-at_install")
class TestRecommendationCompanies(RecommendationsCase):
    def test_each_company_learns_its_own(self):
        """What one company sold is neither learnt nor listed in the other."""
        self.learn()
        other = self.env["res.company"].create({"name": "Second"})
        user = new_test_user(
            self.env, login="offer_two", groups="sales_team.group_sale_salesman_all_leads",
            company_id=other.id, company_ids=[Command.set(other.ids)],
        )  # fmt: skip
        self.learner._rebuild(other)
        found = self.recommend(self.crowd[0], user=user)
        self.assertFalse(found["again"] or found["new"] or found["sellers"])
        for name in ("crm.recommendation.model", "crm.product.affinity", "crm.product.usage"):
            companies = self.env[name].with_user(user).search([]).company_id
            self.assertLessEqual(companies, other)

    def test_quotation_of_another_company(self):
        """The quotation's company decides, whichever one the user works in."""
        self.learn()
        other = self.env["res.company"].create({"name": "Second"})
        self.env.user.company_ids += other
        order = self.env["sale.order"].create({"partner_id": self.crowd[0].id})
        service = self.env["crm.recommendation"].with_context(
            allowed_company_ids=[other.id, self.company.id]
        )
        self.assertTrue(service.recommend(order_id=order.id)["again"])
        self.assertFalse(service.recommend(partner_id=self.crowd[0].id)["again"])
