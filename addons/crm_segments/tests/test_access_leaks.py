"""Attempts to get at what is hidden, or to write what one may not; each worked once."""

import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SegmentsCase, UsersMixin


@tagged("post_install", "-at_install")
class TestAccessLeaks(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()

    def test_files_of_others(self):
        """The file of a manager holds limits."""
        self.as_user("marketer", self.div).action_export()
        file = self.env["crm.segmentation.transfer"].search([], order="id desc", limit=1)
        self.assertTrue(self.as_user("marketer", file).file)
        for login in ("own", "reader", "all"):
            transfer = self.as_user(login, file)
            with self.subTest(login):
                self.assertFalse(transfer.search([]))
                self.assertRaises(AccessError, transfer.read, ["file"])
                self.assertRaises(AccessError, transfer.write, {"filename": "x"})

    def test_dialogs_of_others(self):
        for model, values in (
            ("crm.segment.pin", {
                "partner_id": self.mine.id, "segment_id": self.big.id, "pin_reason": "x"}),
            ("crm.sales.history.import", {"source_id": self.source.id, "file": "eA=="}),
        ):  # fmt: skip
            dialog = self.env[model].create(values)
            self.assertRaises(AccessError, self.as_user("marketer", dialog).read, ["company_id"])

    def test_what_dialogs_hold_is_for_whoever_opened_them(self):
        """Each has a rule of its own: cells of a file, totals of a comparison."""
        upload = self.env["crm.sales.history.import"].create(
            {"source_id": self.source.id, "file": "eA=="}
        )
        compared = self.env["crm.segment.reconciliation"].create({"segmentation_id": self.div.id})
        for login, model, values in (
            ("marketer", "crm.sales.history.import.column",
             {"wizard_id": upload.id, "name": "Client", "example": "Secret Ltd"}),
            ("marketer", "crm.sales.history.import.reject", {"wizard_id": upload.id}),
            ("marketer", "crm.sales.history.import.total", {"wizard_id": upload.id}),
            ("marketer", "crm.segmentation.backfill", {"segmentation_id": self.div.id}),
            ("accountant", "crm.segment.reconciliation", {"segmentation_id": self.div.id}),
            ("accountant", "crm.segment.reconciliation.line",
             {"reconciliation_id": compared.id, "reason": "segments"}),
        ):  # fmt: skip
            record = self.env[model].create(values)
            row = self.as_user(login, record)
            with self.subTest(model):
                self.assertFalse(row.search([("id", "=", record.id)]))
                self.assertRaises(AccessError, row.read, ["display_name"])
                self.assertRaises(AccessError, row.write, {"create_uid": 1})
                self.assertRaises(AccessError, row.unlink)

    def test_every_dialog_has_a_rule(self):
        """Nobody reads what another user's dialog holds."""
        names = [
            name
            for name, model in self.registry.items()
            if model._transient and not model._abstract
            and model._original_module == "crm_segments"
        ]  # fmt: skip
        ruled = self.env["ir.rule"].sudo().search([("domain_force", "like", "create_uid")])
        self.assertLessEqual(set(names), set(ruled.model_id.mapped("model")))

    def test_evidence_of_hidden_fields(self):
        """A rule may read a field that the reader of the evidence may not."""
        stay = self.current(self.div).filtered(lambda one: one.partner_id == self.mine)
        stay.evidence = {"leaves": [True], "values": {"revenue_total": 100, "credit_limit": 777}}
        for login in ("own", "all"):
            row = self.as_user(login, stay)
            with self.subTest(login):
                self.assertEqual(row.evidence["values"], {"revenue_total": 100})
                self.assertNotIn("777", row.evidence_text)
                self.assertIn("100", row.evidence_text)
        self.users["all"].group_ids += self.env.ref("account.group_account_invoice")
        self.assertEqual(self.as_user("all", stay).evidence["values"]["credit_limit"], 777)

    def test_rules_on_hidden_data(self):
        """Rules are evaluated with all rights: who is in would tell the rest."""
        div = self.as_user("marketer", self.div)
        invoiced = "('invoice_ids.amount_total', '>', 5)"
        for condition in (
            invoiced,
            "('credit_limit', '>', 5)",
            "('parent_id.credit_limit', '>', 5)",
            "('parent_id', 'any', [('credit_limit', '>', 5)])",
            "('invoice_ids', 'any', [('amount_total', '>', 5)])",
            "('child_ids', 'any', [('invoice_ids.amount_total', '>', 5)])",
        ):
            rule = {"name": "Secret", "domain": f"[{condition}]"}
            for ask in (
                lambda rule=rule: div.segment_ids[0].write({"domain": rule["domain"]}),
                lambda rule=rule: div.write({"segment_ids": [(0, 0, rule)]}),
                lambda rule=rule: div.write({"domain": rule["domain"]}),
                lambda rule=rule: div.preview({"segment_ids": [(0, 0, rule)]}),
                lambda rule=rule: div.backtest({"segment_ids": [(0, 0, rule)]}),
                lambda rule=rule: div.create({"name": "New", "segment_ids": [(0, 0, rule)]}),
            ):
                with self.subTest(condition), self.assertRaises(AccessError):
                    ask()
        lead_rule = {"lead_domain": "[('partner_id.credit_limit', '>', 5)]"}
        with self.assertRaises(AccessError):
            div.segment_ids[0].write(lead_rule)
        signup = self.env["ir.model.fields"]._get("res.partner", "signup_type")
        with self.assertRaises(AccessError):
            div.create({"name": "F", "method": "field", "field_id": signup.id})
        # figures stay what rules are made of, and accountants may use invoices
        allowed = "[('revenue_12m', '>', 5), ('user_id.name', '=', 'x')]"
        div.segment_ids[0].write({"domain": allowed})
        self.users["marketer"].group_ids += self.env.ref("account.group_account_invoice")
        self.as_user("marketer", self.big).write({"domain": f"[{invoiced}]"})

    def test_no_day_from_outside(self):
        """What the rule said on each day would tell the day of the last purchase."""
        div = self.rules({"Recent": "[('last_purchase_date', '>', '-10d')]"})
        for day in ("2000-01-01", self.ago(15).isoformat(),
                    datetime.datetime.combine(self.ago(15), datetime.time())):  # fmt: skip
            segment = self.as_user("reader", div.segment_ids).with_context(segments_today=day)
            with self.subTest(day):
                self.assertFalse(segment.explain(self.theirs.id)["fits_now"])
                segment.env["res.partner"].browse(self.theirs.id).sudo().write({"supplier_rank": 1})
                self.assertEqual(self.placed(div), {})
        # the engine's own way still works
        asked = div.segment_ids.with_context(segments_today=self.ago(15))
        self.assertTrue(asked.explain(self.theirs.id)["fits_now"])

    def test_no_restriction_from_outside(self):
        """A context doesn't decide which segments a saved customer is looked at for."""
        own = self.as_user("own", self.mine).with_context(
            segments_strata=[self.big.id], segments_unranked=True, segments_scope=[]
        )
        own.write({"customer_rank": 1})
        self.assertEqual(self.placed(self.div, self.mine), {"Mine": "Small"})

    def test_provisional_segments_are_written_by_nobody(self):
        lead = self.env["crm.lead"].create({"name": "x", "user_id": self.users["own"].id})
        values = {"provisional_segment_ids": [(6, 0, self.big.ids)]}
        for login in ("own", "all"):
            row = self.as_user(login, lead)
            with self.subTest(login):
                self.assertRaises(AccessError, row.write, values)
                self.assertRaises(AccessError, row.create, {"name": "y", **values})

    def test_memberships_are_not_written_through_their_segment(self):
        row = self.current(self.div).filtered(lambda one: one.partner_id == self.theirs)
        values = {"partner_id": self.mine.id, "company_id": 1, "date_from": self.today}
        for command in ((0, 0, values), (1, row.id, {"pinned": "out"}), (2, row.id), (3, row.id),
                        (4, row.id), (6, 0, [])):  # fmt: skip
            segment = self.small if command[0] == 4 else self.big
            for record in (segment, self.div):
                name = "membership_ids" if record == segment else "segment_ids"
                vals = {name: [command]}
                if record == self.div:
                    vals = {name: [(1, segment.id, {"membership_ids": [command]})]}
                with self.subTest(command), self.assertRaises(AccessError):
                    self.as_user("marketer", record).write(vals)

    def test_actions_are_chosen_by_administrators(self):
        action = self.env["ir.actions.server"].create({
            "name": "x", "model_id": self.env["ir.model"]._get_id("res.partner"), "state": "code",
        })  # fmt: skip
        values = {"join_action_id": action.id}
        segment, div = self.as_user("marketer", self.big), self.as_user("marketer", self.div)
        given = segment.with_context(default_join_action_id=action.id)
        for ask in (
            lambda: segment.write(values),
            lambda: segment.create({"name": "A", "segmentation_id": div.id, **values}),
            lambda: div.write({"segment_ids": [(1, segment.id, values)]}),
            lambda: div.preview({"segment_ids": [(1, segment.id, values)]}),
            lambda: div.backtest({"segment_ids": [(1, segment.id, values)]}),
            lambda: given.create({"name": "A", "segmentation_id": div.id}),
        ):
            with self.assertRaises(AccessError):
                ask()
        made = div.with_context(default_join_action_id=action.id).create(
            {"name": "B", "segment_ids": [(0, 0, {"name": "C"})]}
        )
        self.assertFalse(made.sudo().segment_ids.join_action_id)

    def test_arguments_that_are_no_ids(self):
        big = self.as_user("reader", self.big)
        for odd in ("x", [1], {"a": 1}, True, 1.5):
            with self.subTest(odd):
                self.assertRaises(UserError, big.explain, self.theirs.id, odd)
                self.assertRaises(UserError, big.explain, odd)
        # a stay of somebody else tells nothing of the customer who is asked about
        mine = self.current(self.div).filtered(lambda one: one.partner_id == self.mine)
        self.assertFalse(big.explain(self.theirs.id, mine.id)["stay"])
        everything = self.as_user("all", self.env["crm.segment"])
        for odd in (True, "1", [1], 0, -1):
            with self.subTest(odd):
                self.assertRaises(AccessError, everything.assign, {}, odd)


@tagged("post_install", "-at_install")
class TestCompanyLeaks(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.elsewhere = cls.rules({"There": "[]"}, company_id=cls.other.id)
        cls.there = cls.elsewhere.segment_ids
        cls.shared = cls.rules({"Everywhere": "[]"})
        cls.shared.run()

    def test_records_of_another_company(self):
        for login in ("own", "all", "marketer", "reader"):
            for model in ("crm.segment.membership", "crm.segmentation.run", "crm.segment",
                          "crm.segmentation", "crm.segmentation.version"):  # fmt: skip
                found = self.as_user(login, self.env[model]).search([])
                with self.subTest(login=login, model=model):
                    self.assertLessEqual(found.sudo().company_id, self.company)

    def test_calls_for_another_company(self):
        context = {"allowed_company_ids": self.other.ids}
        segment, there = self.as_user("all", self.big), self.as_user("all", self.there)
        Pin = self.as_user("own", self.env["crm.segment.pin"])
        values = {"partner_id": self.mine.id, "pin_reason": "x", "company_id": self.other.id}
        everywhere = self.shared.segment_ids
        for ask in (
            lambda: segment.assign({}, self.other.id),
            lambda: segment.with_context(**context).assign({}),
            lambda: segment.with_context(**context).explain(self.mine.id),
            lambda: segment.with_context(**context).search_members(),
            lambda: there.explain(self.mine.id),
            there.search_members,
            lambda: self.as_user("all", self.mine).with_context(**context).revenue_total,
            lambda: Pin.create({**values, "segment_id": self.there.id}).action_confirm(),
            lambda: Pin.create({**values, "segment_id": everywhere.id}).action_confirm(),
            lambda: Pin.create({**values, "segment_id": everywhere.id}).consequence,
            lambda: self.as_user("marketer", self.elsewhere).run(),
            lambda: self.as_user("marketer", self.elsewhere).preview(),
            lambda: self.as_user("marketer", self.elsewhere).backtest(),
            lambda: self.as_user("marketer", self.elsewhere).action_export(),
        ):
            with self.assertRaises(AccessError):
                ask()

    def test_segments_are_not_moved_to_another_company(self):
        segment = self.as_user("marketer", self.big)
        for values in (
            {"segmentation_id": self.elsewhere.id},
            {"company_id": self.other.id},
            {"include_segment_ids": [(6, 0, self.there.ids)]},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                segment.write(values)
        with self.assertRaises(AccessError):
            segment.create({"name": "New", "segmentation_id": self.elsewhere.id})

    def test_a_held_run_elsewhere_is_not_accepted_along(self):
        """Whoever accepts has seen what moves in the companies that they work in."""
        (self.company | self.other).crm_segments_guard = 10
        foreign = self.customer("Foreign", company_id=self.other.id)
        self.shared.run()
        self.shared.segment_ids.domain = "[('name', '=', 'nobody')]"
        key = self.shared._definition_key()
        self.env["crm.segmentation.run"].search(
            [("segmentation_id", "=", self.shared.id)]
        ).definition_key = key
        self.assertEqual(set(self.shared.run().mapped("state")), {"held"})
        told = self.as_user("marketer", self.shared).action_accept()["params"]["message"]
        last = self.env["crm.segmentation.run"].search(
            [("segmentation_id", "=", self.shared.id)], order="id desc", limit=2
        )
        states = {run.company_id: run.state for run in last}
        self.assertEqual(states, {self.company: "done", self.other: "held"})
        left = last.filtered(lambda run: run.company_id == self.company).left
        self.assertIn(f"{left} left", told)
        self.assertTrue(self.current(self.shared, self.other).filtered(
            lambda one: one.partner_id == foreign))  # fmt: skip
