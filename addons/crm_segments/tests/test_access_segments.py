"""Segments by rights: evidence without amounts, definitions, totals, and what may be written."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SegmentsCase, UsersMixin

HIDDEN = ("own", "marketer", "reader")
BLIND = ("marketer", "reader", "plain")


@tagged("post_install", "-at_install")
class TestSegmentsAccess(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.membership = cls.env["crm.segment.membership"].search(
            [("partner_id", "=", cls.theirs.id), ("segmentation_id", "=", cls.div.id)]
        )

    def test_evidence_keeps_the_verdict_and_drops_the_amounts(self):
        self.membership.evidence = {"r": 5, "f": 4, "m": 3, "values": {"revenue_total": 300}}
        for login in ("all", *HIDDEN):
            row = self.as_user(login, self.membership)
            [read] = row.read(["evidence", "evidence_text", "segment_id", "date_from"])
            visible = login == "all"
            with self.subTest(login):
                self.assertEqual(read["evidence"]["r"], 5)
                self.assertEqual("values" in read["evidence"], visible)
                self.assertEqual("300" in read["evidence_text"], visible, read["evidence_text"])
                self.assertIn("Recency 5", read["evidence_text"])
                self.assertEqual(read["segment_id"][0], self.big.id)

    def test_own_customer_shows_its_evidence(self):
        mine = self.current(self.div).filtered(lambda one: one.partner_id == self.mine)
        self.assertEqual(self.as_user("own", mine).evidence["values"], {"revenue_total": 100})

    def questions_about_evidence(self, rows):
        """Ways to make the database tell what reading leaves out."""
        domain = [("id", "=", self.membership.id)]
        division = [("segmentation_id", "=", self.div.id)]
        return [
            lambda: rows.search([*domain, ("evidence", "ilike", "300")]),
            lambda: rows.search([*domain, ("evidence", "=", "300")]),
            lambda: rows.search([*domain, ("evidence.values", "ilike", "300")]),
            lambda: rows.search(division, order="evidence"),
            lambda: rows.formatted_read_group(domain, ["evidence"], ["__count"]),
            lambda: rows.formatted_read_group(domain, [], ["evidence:array_agg"]),
            lambda: rows.formatted_read_group(domain, [], ["evidence:max"]),
            lambda: rows.formatted_read_group(domain, [], ["evidence:count_distinct"]),
            lambda: rows.env["crm.segment"].search([("membership_ids.evidence", "ilike", "300")]),
        ]

    def all_refused(self, login, questions):
        for number, ask in enumerate(questions):
            with self.subTest(login=login, number=number):
                self.assertRaises(AccessError, ask)

    def test_evidence_answers_no_question(self):
        for login in HIDDEN:
            rows = self.as_user(login, self.env["crm.segment.membership"])
            self.users[login].group_ids += self.env.ref("base.group_allow_export")
            self.all_refused(login, self.questions_about_evidence(rows))
            exported = rows.browse(self.membership.id).export_data(["evidence", "evidence_text"])
            self.assertNotIn("300", str(exported["datas"]))

    def questions_about_limits(self, env, tier):
        """Ways to learn the limit of a tier or the rule of a segment."""
        segment, segmentation = tier.segment_ids.with_env(env), tier.with_env(env)
        limit = [("segment_ids.threshold", ">", 200)]
        memberships = env["crm.segment.membership"]
        return [
            lambda: segment.read(["threshold"]),
            lambda: segment.read(["domain"]),
            lambda: segmentation.read(["domain"]),
            lambda: segment.search([("threshold", ">", 200)]),
            lambda: segment.search([("domain", "ilike", "250")]),
            lambda: segment.search([], order="threshold"),
            lambda: segment.formatted_read_group([], ["segmentation_id"], ["threshold:max"]),
            lambda: segmentation.search(limit),
            lambda: env["res.partner"].search(limit),
            lambda: (
                env["crm.lead"].search(limit) if env.user.login == "seg_own" else segment.domain
            ),
            lambda: memberships.search([("segment_id.threshold", ">", 200)]),
            lambda: memberships.formatted_read_group([], ["segment_id.threshold"]),
        ]

    def test_definitions_are_hidden_from_own_documents_sellers(self):
        tier = self.segmentation("tier", {"Big": {"threshold": 250}})
        for login in ("own", "reader"):
            env = self.as_user(login, tier).env
            self.all_refused(login, self.questions_about_limits(env, tier))
            self.assertNotIn("threshold", env["crm.segment"].fields_get())
        for login in ("all", "marketer"):
            self.assertEqual(self.as_user(login, tier.segment_ids).threshold, 250)

    def test_totals_of_segments(self):
        for login in ("all", *HIDDEN):
            segment, segmentation = self.as_user(login, self.big), self.as_user(login, self.div)
            with self.subTest(login):
                profile = {part["key"]: part["value"] for part in segment.profile}
                revenues = [row["revenue"] for row in segmentation.distribution]
                self.assertEqual((segment.member_count, segmentation.customer_count), (1, 3))
                if login == "all":
                    self.assertEqual((segment.revenue_12m, revenues), (300, [300, 300]))
                    self.assertEqual((profile["revenue"], profile["average"]), (0.5, 300))
                    continue
                self.assertEqual(profile, {"customers": 1})
                self.assertEqual(revenues, [None, None])
                self.assertEqual(
                    {row["revenue_share"] for row in segmentation.distribution}, {None}
                )
                for name in ("revenue_12m", "revenue_share", "product_lift"):
                    with self.assertRaises(AccessError):
                        segment.read([name])

    def test_memberships_are_written_by_nobody(self):
        values = {
            "partner_id": self.mine.id, "segment_id": self.big.id, "company_id": self.company.id,
            "segmentation_id": self.div.id, "date_from": self.today,
        }  # fmt: skip
        for login in self.users:
            row = self.as_user(login, self.membership)
            for attempt in (
                lambda row=row: row.write({"pinned": "out"}),
                lambda row=row: row.create(values),
                lambda row=row: row.unlink(),
            ):
                with self.subTest(login), self.assertRaises(AccessError):
                    attempt()

    def test_segmentations_are_written_by_managers(self):
        for login in self.users:
            div, allowed = self.as_user(login, self.div), login == "marketer"
            for attempt in (
                lambda div=div: div.write({"name": "Mine now"}),
                lambda div=div: div.create({"name": "New"}),
                lambda div=div: div.segment_ids[:1].write({"name": "x"}),
                lambda div=div: div.run(),
                lambda div=div: div.action_run(),
                lambda div=div: div.action_enable(),
                lambda div=div: div.browse().run(),
                lambda div=div: div.copy().unlink(),
            ):
                with self.subTest(login=login, attempt=attempt.__code__.co_firstlineno):
                    if allowed:
                        attempt()
                    else:
                        self.assertRaises(AccessError, attempt)

    def test_a_manager_without_sales_rights_runs_over_everybody(self):
        """Verdicts without amounts: rules are evaluated for all, whoever triggers them."""
        marketing = self.as_user("marketer", self.env["crm.segmentation"])
        div = marketing.create(
            {"name": "M", "segment_ids": [(0, 0, {"name": "Rich", "domain": str(
                [("revenue_total", ">", 150)])})]}
        )  # fmt: skip
        run = div.run().filtered(lambda one: one.company_id == self.company)
        self.assertEqual((run.state, run.joined), ("done", 2))
        members = marketing.env["res.partner"].search([("segment_ids", "in", div.segment_ids.ids)])
        self.assertEqual(set(members.mapped("name")), {"Free", "Theirs"})
        self.assertEqual(members.mapped("revenue_total"), [False, False])

    def test_what_only_the_machine_writes(self):
        for login in self.users:
            for model, values in (
                ("crm.customer.metrics", {"partner_id": self.mine.id, "revenue_total": 1e9}),
                ("crm.segmentation.run", {"segmentation_id": self.div.id, "state": "done"}),
                ("crm.segment.queue", {"partner_id": self.mine.id}),
                ("crm.sales.history", {"partner_id": self.mine.id, "amount_company": 5}),
            ):
                with self.subTest(login=login, model=model), self.assertRaises(AccessError):
                    self.as_user(login, self.env[model]).create(
                        {**values, "company_id": self.company.id}
                    )

    def test_partner_figures_cannot_be_written(self):
        manager = self.as_user("all", self.mine)
        manager.write({"revenue_total": 5})
        self.env.invalidate_all()
        self.assertEqual(self.mine.revenue_total, 100)

    def test_rows_of_figures(self):
        for login, names in (("own", {"Mine", "Free"}), ("all", {"Mine", "Free", "Theirs"}),
                             ("accountant", {"Mine", "Free", "Theirs"})):  # fmt: skip
            rows = self.as_user(login, self.metrics.sudo(False)).search([])
            self.assertEqual(set((rows.partner_id & self.ours).mapped("name")), names)
        for login in (*BLIND, "portal"):
            with self.subTest(login), self.assertRaises(AccessError):
                self.as_user(login, self.metrics.sudo(False)).search([])

    def test_lines_of_the_sales_history_follow_the_same_limit(self):
        history = self.env["crm.sales.history"]
        for login, amounts in (("own", [100, 200]), ("all", [100, 200, 300]),
                               ("accountant", [100, 200, 300])):  # fmt: skip
            with self.subTest(login):
                lines = self.as_user(login, history).search([("source_id", "=", self.source.id)])
                self.assertEqual(sorted(lines.mapped("amount_company")), amounts)
        for login in BLIND:
            with self.subTest(login), self.assertRaises(AccessError):
                self.as_user(login, history).search([])

    def test_abc_tells_no_shares(self):
        """Shares of the total, sorted, would give everybody's revenue away."""
        abc = self.segmentation("abc", {"A": {"threshold": 80}, "B": {"threshold": 100}})
        self.run_done(abc)
        theirs = self.current(abc).filtered(lambda one: one.partner_id == self.theirs)
        self.assertIn("share_before", theirs.evidence["values"])
        for login in HIDDEN:
            row = self.as_user(login, theirs)
            with self.subTest(login):
                self.assertEqual(set(row.evidence), {"metric", "basis", "version"})
                self.assertNotIn("%", row.evidence_text or "")

    def test_distribution_tells_no_money(self):
        public = {"id", "name", "color", "customers", "share", "revenue", "revenue_share"}
        for login in HIDDEN:
            rows = self.as_user(login, self.div).distribution
            with self.subTest(login):
                self.assertTrue(rows)
                for row in rows:
                    self.assertEqual(set(row), public)
                    self.assertIsNone(row["revenue"])
                    self.assertIsNone(row["revenue_share"])

    def test_manager_without_system_rights_chooses_a_field(self):
        fields = self.as_user("marketer", self.env["ir.model.fields"])
        self.assertTrue(fields.name_search("industry", [("model", "=", "res.partner")]))
