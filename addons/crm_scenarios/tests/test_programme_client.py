"""What the client gets: a PDF in its language, and nothing else."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common_programme import ProgrammeCommon

MODELS = (
    "crm.programme", "crm.programme.phase", "crm.programme.step", "crm.programme.cost",
    "crm.programme.role", "crm.programme.cash", "crm.programme.answer",
)  # fmt: skip


class ProgrammeClientCommon(ProgrammeCommon):
    """A phase with two steps, a purchase and licences; a step that is struck out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"email": "client@example.com", "lang": "en_US"})
        cls.plan = cls.programme(
            user_id=cls.seller.id, ownership_years=2, risks="<p>Old records</p>",
            not_included="<p>New telephones</p>",
        )  # fmt: skip
        cls.phase = cls.env["crm.programme.phase"].create(
            {"programme_id": cls.plan.id, "name": "Preparation", "description": "Signed needs"}
        )
        cls.role = cls.env["crm.programme.role"].create({"name": "Consultant"})
        vals = {"phase_id": cls.phase.id, "role_id": cls.role.id, "rate": 100.0}
        cls.listen = cls.step(cls.plan, "Listen", (8, 16, 24), **vals)
        cls.build = cls.step(
            cls.plan, "Build", 24, [cls.listen], vendor_id=cls.vendor.id, advance=0.3,
            milestone=0.5, pay_days=14, **vals
        )  # fmt: skip
        cls.step(cls.plan, "Own servers", 8, struck_out=True, struck_reason="In the cloud")
        cls.env["crm.programme.cost"].create(
            [
                {"step_id": cls.build.id, "name": "Tablets", "quantity": 3, "unit_price": 200.0},
                {"step_id": cls.build.id, "name": "Licences", "kind": "licence",
                 "period": "month", "unit_price": 10.0, "vendor_id": cls.vendor.id},
            ]
        )  # fmt: skip
        cls.report = cls.env.ref("crm_scenarios.action_report_programme")

    @classmethod
    def html(cls, programme, user=None):
        """The report as text, without its markup's line breaks."""
        report = cls.report.with_user(user) if user else cls.report
        content = report._render_qweb_html(report.report_name, programme.ids)[0].decode()
        return " ".join(content.replace("\xa0", " ").split())


@tagged("post_install", "-at_install")
class TestProgrammePaper(ProgrammeClientCommon):
    def test_contents(self):
        """Hours and money by hand: 16 + 24 hours at 100, three tablets, 24 licences less one.

        Listen: Monday, Tuesday. Build: Thursday, Friday, Monday 11 May. Licences from then on to
        4 May 2028: 24 payments.
        """
        self.assertEqual(self.plan.amount_ownership, 4000 + 600 + 240)
        page = self.html(self.plan)
        for text in (
            "Preparation", "Signed needs", "Listen", "Build", "Consultant", "Systems Ltd",
            "Tablets", "Licences", "Old records", "New telephones", "Own servers", "In the cloud",
            "May 4, 2026", "May 11, 2026", "4,600.00", "4,840.00", "30 %", "50 %", "20 %",
            "Signature", "Client",
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertIn(text, page)
        for text in ("Later in 2027", "Cost of ownership by year", "Terms of payment"):
            self.assertIn(text, page)

    def test_figures(self):
        """What stands in the tables, by hand."""
        printed = self.plan._printed()
        self.assertEqual(
            printed["work"],
            [{"role": "Consultant", "rate": 100.0, "hours": 40.0, "amount": 4000.0}],
        )
        self.assertEqual([row["amount"] for row in printed["once"]], [600.0])
        self.assertEqual(
            [(row["amount"], row["year"], row["from"]) for row in printed["running"]],
            [(10.0, 120.0, date(2026, 5, 11))],
        )
        self.assertEqual(
            [(row["name"], row["once"], row["running"]) for row in printed["vendors"]],
            [("Systems Ltd", 2400.0, 240.0), ("Own people and others", 2200.0, 0.0)],
        )
        self.assertEqual(
            [(row["number"], row["first"], row["last"], row["total"]) for row in printed["years"]],
            [(1, date(2026, 5, 4), date(2027, 5, 3), 4720.0),
             (2, date(2027, 5, 4), date(2028, 5, 3), 120.0)],
        )  # fmt: skip
        self.assertEqual(printed["months"][-1]["together"], 4840.0)
        self.assertEqual(printed["struck"], [{"name": "Own servers", "reason": "In the cloud"}])
        [(vendor, terms)] = printed["terms"]
        self.assertEqual(vendor, "Systems Ltd")
        self.assertEqual(
            [(row["name"], row["advance"], row["milestone"], round(row["rest"], 6), row["again"])
             for row in terms],
            [("Build", 0.3, 0.5, 0.2, False), ("Licences", 0.0, 0.0, 1.0, True)],
        )  # fmt: skip

    def test_language_of_the_client(self):
        """Dates and names in the client's language, whoever prints."""
        self.env["res.lang"]._activate_lang("ru_RU")
        self.customer.lang = "ru_RU"
        self.phase.with_context(lang="ru_RU").name = "Подготовка"
        page = self.html(self.plan)
        self.assertIn("Подготовка", page)
        self.assertNotIn("Preparation", page)
        self.assertIn("04.05.2026", page)
        self.assertIn("4 600,00", page)
        self.assertIn("май 2026", page)

    def test_nothing_planned(self):
        """Neither steps nor customer, and a template without a company, print all the same."""
        empty = self.programme(partner_id=False)
        self.assertIn("Nothing is planned yet", self.html(empty))
        template = self.programme(
            is_template=True, date_start=False, company_id=False, partner_id=False,
            resource_calendar_id=False,
        )  # fmt: skip
        self.step(template, "Listen", 8)
        page = self.html(template)
        self.assertIn("Template of a programme", page)
        self.assertNotIn("Signature", page)

    def test_one_for_many(self):
        """Several are printed one after the other, each in its client's language."""
        page = self.html(self.plan | self.programme(name="Second one"))
        self.assertIn("Second one", page)
        self.assertIn("Preparation", page)

    def test_mail(self):
        """The mail goes to the customer with the PDF and no way back into the system."""
        action = self.plan.with_user(self.seller).action_send()
        composer = self.env["mail.compose.message"].with_user(self.seller)
        composer = composer.with_context(**action["context"]).create({})
        self.assertEqual(composer.partner_ids, self.customer)
        self.assertIn("New CRM", composer.subject)
        self.assertEqual(composer.template_id.report_template_ids, self.report)
        self.plan.message_subscribe(self.customer.ids)
        groups = self.plan._notify_get_recipients_classify(
            self.env["mail.message"],
            [self.recipient(self.customer, is_follower=True)],
            "Programme", {"model": "crm.programme", "res_id": self.plan.id},
        )  # fmt: skip
        self.assertEqual([group["has_button_access"] for group in groups], [False])

    def recipient(self, partner, **vals):
        """A recipient as the host describes it."""
        return {
            "active": True, "email_normalized": partner.email, "id": partner.id, "groups": [],
            "is_follower": False, "lang": partner.lang, "name": partner.name, "notif": "email",
            "share": True, "type": "customer", "uid": False, "ushare": False, **vals,
        }  # fmt: skip

    def test_what_keeps_it_from_being_sent(self):
        with self.assertRaises(UserError):
            self.programme(partner_id=False).action_send()
        with self.assertRaises(UserError):
            self.programme().action_send()
        with self.assertRaises(AccessError):
            other = new_test_user(self.env, "pc_other", "base.group_user")
            self.plan.with_user(other).action_send()


@tagged("post_install", "-at_install")
class TestProgrammeClientAccess(ProgrammeClientCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = new_test_user(
            cls.env, "pc_portal", "base.group_portal", password="pc_portal_password"
        )
        cls.contact.partner_id.parent_id = cls.customer
        cls.plain = new_test_user(cls.env, "pc_plain", "base.group_user")
        cls.plan.message_subscribe((cls.contact | cls.plain).partner_id.ids)
        cls.public = cls.env.ref("base.public_user")

    def test_models_are_closed(self):
        """A contact of the client, the public, and colleagues outside of sales: nothing."""
        for user in (self.contact, self.plain, self.public):
            for model in MODELS:
                records = self.env[model].with_user(user)
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(user=user.login, model=model, operation=operation):
                        self.assertFalse(records.has_access(operation))
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    records.search([])

    def test_follower_reads_nothing(self):
        """Following the programme shows neither it nor its messages."""
        note = self.plan.message_post(body="4,000 hours", message_type="comment")
        for user in (self.contact, self.public):
            with self.subTest(user=user.login):
                plan = self.plan.with_user(user)
                with self.assertRaises(AccessError):
                    plan.read(["name"])
                with self.assertRaises(AccessError):
                    plan._printed()
                with self.assertRaises(AccessError):
                    note.with_user(user).read(["body"])
                for method in ("picture", "action_send", "action_start", "action_plan_again"):
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        getattr(plan, method)()
                with self.assertRaises(AccessError):
                    self.html(self.plan, user)

    def test_routes(self):
        """Neither the report nor the record by its address."""
        self.authenticate("pc_portal", "pc_portal_password")
        for kind in ("html", "pdf"):
            with self.subTest(kind=kind):
                answer = self.url_open(f"/report/{kind}/{self.report.report_name}/{self.plan.id}")
                self.assertNotEqual(answer.status_code, 200)
                self.assertNotIn("Preparation", answer.text)
        answer = self.url_open(f"/mail/view?model=crm.programme&res_id={self.plan.id}")
        self.assertNotIn("New CRM", answer.text)

    def test_seller_prints_own_only(self):
        self.assertIn("Preparation", self.html(self.plan, self.seller))
        self.plan.user_id = self.env.user
        with self.assertRaises(AccessError):
            self.html(self.plan, self.seller)

    def test_pdf(self):
        """The real thing, once."""
        with self.allow_pdf_render():
            content, kind = self.report.with_context(force_report_rendering=True)._render_qweb_pdf(
                self.report.report_name, self.plan.ids
            )
        self.assertEqual((kind, content[:5]), ("pdf", b"%PDF-"))
        # text as text: outlines of a web font take a hundred times as much
        self.assertLess(len(content), 300_000)
