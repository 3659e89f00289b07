"""What the tests of segments share: customers, dated sales, who is where."""

from datetime import date, timedelta

from odoo import fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


def make_sale(source, partner, day, amount, **values):
    """A document of one line in the sales history of a source."""
    history = source.env["crm.sales.history"].sudo()
    number = history.search_count([("source_id", "=", source.id)])
    return history.create(
        {
            "source_id": source.id,
            "company_id": source.company_id.id,
            "partner_id": partner.id,
            "date": day,
            "document": f"D{number}",
            "position": number + 1,
            "currency_id": source.currency_id.id,
            "amount_untaxed": amount,
            "amount_company": amount,
            **values,
        }
    )


class SegmentsMixin:
    """Helpers; the class that uses it calls :meth:`set_up_segments` once."""

    @classmethod
    def set_up_segments(cls):
        """Switch the shipped segmentations off and prepare a source of sales."""
        cls.env["crm.segmentation"].sudo().search([]).enabled = False
        cls.today = fields.Date.today()
        cls.company = cls.env.company
        # of three customers one is more than a third
        cls.env["res.company"].sudo().search([]).crm_segments_guard = 0
        cls.source = cls.env["crm.sales.source"].sudo().create({"name": "Sales of the test"})
        cls.metrics = cls.env["crm.customer.metrics"].sudo()

    @classmethod
    def ago(cls, days):
        """The date ``days`` before today."""
        return cls.today - timedelta(days=days)

    @classmethod
    def customer(cls, name, **values):
        """A company among the partners, unless ``values`` say otherwise."""
        return cls.env["res.partner"].create({"name": name, "is_company": True, **values})

    @classmethod
    def sale(cls, partner, day, amount, document=None, refund=False, source=None):
        """A document of one line in the sales history, so without any accounting.

        :param day: date, or the number of days before today
        """
        source = source or cls.source
        day = day if isinstance(day, date) else cls.ago(day)
        values = {"is_refund": refund} | ({"document": document} if document else {})
        return make_sale(source, partner, day, amount, **values)

    @classmethod
    def segmentation(cls, method, segments, **values):
        """A segmentation with segments ``{name: values}`` in their order."""
        lines = [
            Command.create({"name": name, "sequence": index, **vals})
            for index, (name, vals) in enumerate(segments.items(), 1)
        ]
        return (
            cls.env["crm.segmentation"]
            .sudo()
            .create({"name": "Test", "method": method, "segment_ids": lines, **values})
        )

    @classmethod
    def rules(cls, segments, **values):
        """A segmentation by rules; ``segments`` is ``{name: domain text}``."""
        return cls.segmentation(
            "rule", {name: {"domain": domain} for name, domain in segments.items()}, **values
        )

    def run_done(self, segmentation):
        """Run; return ``(joined, left, kept)`` of the current company."""
        runs = segmentation.run()
        self.assertEqual(set(runs.mapped("state")), {"done"}, runs.mapped("error"))
        own = runs.filtered(lambda run: run.company_id == self.env.company)
        return own.joined, own.left, own.kept

    def current(self, segmentation, company=None):
        """Current memberships, pinned out ones left out."""
        memberships = self.env["crm.segment.membership"].sudo()
        domain = memberships._current_domain(company or self.env.company)
        return memberships.search([*domain, ("segmentation_id", "=", segmentation.id)])

    def placed(self, segmentation, partners=None, company=None):
        """``{customer: segment}``, several segments joined by ``+``."""
        found = {}
        for one in self.current(segmentation, company).sorted(lambda m: m.segment_id.sequence):
            if partners is None or one.partner_id in partners:
                found.setdefault(one.partner_id.name, []).append(one.segment_id.name)
        return {name: "+".join(names) for name, names in found.items()}

    def stays(self, segmentation, partner):
        """All stays of a customer, oldest first: (segment, from, to, pinned)."""
        memberships = self.env["crm.segment.membership"].sudo()
        domain = [("segmentation_id", "=", segmentation.id), ("partner_id", "=", partner.id)]
        return [
            (one.segment_id.name, one.date_from, one.date_to, one.pinned)
            for one in memberships.search(domain, order="date_from, id")
        ]

    @classmethod
    def stay(cls, partner, segment, day_from, day_to=None, **values):
        """A stay made by hand, as the past or a person would have left it."""
        return (
            cls.env["crm.segment.membership"]
            .sudo()
            .create(
                {
                    "partner_id": partner.id,
                    "segment_id": segment.id,
                    "segmentation_id": segment.segmentation_id.id,
                    "company_id": cls.env.company.id,
                    "date_from": cls.ago(day_from),
                    "date_to": day_to is not None and cls.ago(day_to),
                    **values,
                }
            )
        )

    def evidence(self, membership):
        """The evidence without the version in force, which every decision names."""
        version = membership.segmentation_id._current_version().id
        self.assertEqual(membership.evidence["version"], version)
        return {key: part for key, part in membership.evidence.items() if key != "version"}

    def segment(self, segmentation, name):
        """The segment of that name."""
        return segmentation.segment_ids.filtered(lambda one: one.name == name)

    def queued(self):
        """Partners that wait in the queue."""
        return self.env["crm.segment.queue"].sudo().search([]).partner_id


class SegmentsCase(SegmentsMixin, TransactionCase):
    """Tests without accounting: the sales come from the sales history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, **DISABLED_MAIL_CONTEXT})
        cls.set_up_segments()


class InvoiceCase(SegmentsMixin, AccountTestInvoicingCommon):
    """Tests on posted invoices, in a company with a chart of accounts of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the accountant of the host's common is no manager of segments
        cls.env = cls.env(user=cls.env.ref("base.user_root"), su=True)
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.set_up_segments()

    @classmethod
    def invoice(cls, partner, day, amount, move_type="out_invoice", post=True, **values):
        """An invoice of one untaxed line.

        :param day: date, or the number of days before today
        """
        day = day if isinstance(day, date) else cls.ago(day)
        company = values.pop("company", cls.company)
        line = {"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()]}
        move = cls.env["account.move"].with_company(company).create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": day,
                "date": day,
                "invoice_date_due": day,
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )  # fmt: skip
        if post:
            move.action_post()
        return move


class UsersMixin:
    """Users by what they may see, three customers with 100, 200 and 300 of revenue."""

    #: login → groups
    USERS = {
        "own": "sales_team.group_sale_salesman",
        "all": "sales_team.group_sale_salesman_all_leads",
        "accountant": "account.group_account_invoice",
        "auditor": "account.group_account_readonly",
        "marketer": "crm_segments.group_segments_manager",
        "reader": "crm_segments.group_segments_user",
        "plain": "base.group_user",
        "portal": "base.group_portal",
    }

    @classmethod
    def set_up_users(cls):
        """``mine`` belongs to user 'own', ``free`` to nobody, ``theirs`` to somebody else."""
        cls.users = {
            login: new_test_user(cls.env, login=f"seg_{login}", groups=groups)
            for login, groups in cls.USERS.items()
        }
        colleague = new_test_user(cls.env, login="seg_colleague", groups=cls.USERS["own"])
        cls.mine = cls.customer("Mine", user_id=cls.users["own"].id)
        cls.free = cls.customer("Free")
        cls.theirs = cls.customer("Theirs", user_id=colleague.id)
        cls.ours = cls.mine | cls.free | cls.theirs
        for partner, amount in zip(cls.ours, (100, 200, 300), strict=True):
            cls.sale(partner, 20, amount)
        cls.div = cls.rules(
            {"Big": "[('revenue_total', '>', 250)]", "Small": "[('revenue_total', '>', 0)]"}
        )
        cls.big, cls.small = cls.div.segment_ids
        cls.div.run()

    def as_user(self, login, record):
        """The record or model with the user's rights and an empty cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        context = record.env.context
        return record.with_env(self.env(user=self.users[login], su=False, context=context))
