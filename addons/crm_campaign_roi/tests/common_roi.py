"""What the tests of return share: campaigns with accounts, bills, orders and their invoices."""

from datetime import date, datetime

from odoo.addons.crm_segments.tests.common import InvoiceCase
from odoo.fields import Command


class RoiCase(InvoiceCase):
    """Tests on the books, in a company with a chart of accounts of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expense = cls.company_data["default_account_expense"]
        cls.vendor = cls.env["res.partner"].create({"name": "Printer", "is_company": True})
        cls.report = cls.env["crm.campaign.roi.report"]
        cls.product = cls.env["product.product"].create(
            {
                "name": "Goods",
                "type": "consu",
                "standard_price": 40,
                "list_price": 100,
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def campaign(cls, title, account=True):
        """A campaign, with an analytic account of its own unless told otherwise."""
        campaign = cls.env["utm.campaign"].create({"title": title, "company_id": cls.company.id})
        if account:
            campaign.action_create_analytic_account()
        return campaign

    @classmethod
    def bill(cls, amount, distribution, day=date(2026, 3, 10), post=True, **values):
        """A vendor bill of one line, without tax unless told otherwise.

        :param distribution: campaign, or dict of campaign → percent
        """
        if not isinstance(distribution, dict):
            distribution = {distribution: 100}
        line = {
            "name": "Advertising",
            "quantity": 1,
            "price_unit": amount,
            "account_id": cls.expense.id,
            "tax_ids": [Command.clear()],
            "analytic_distribution": {
                str(one.crm_analytic_account_id.id): percent
                for one, percent in distribution.items()
            },
            **values.pop("line", {}),
        }
        bill = cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": cls.vendor.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )
        if post:
            bill.action_post()
        return bill

    @classmethod
    def order(cls, campaign, amount, partner=None, day=date(2026, 4, 1), quantity=1, **values):
        """A confirmed order of one line of a campaign."""
        partner = partner or cls.customer(f"Customer of {campaign.title}")
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "campaign_id": campaign.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": quantity,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        order.date_order = datetime(day.year, day.month, day.day, 12)
        return order

    @classmethod
    def invoiced(cls, orders, day=date(2026, 4, 10), post=True):
        """The invoices of orders, dated and posted."""
        invoices = orders._create_invoices()
        invoices.write({"invoice_date": day, "date": day})
        if post:
            invoices.action_post()
        return invoices

    @classmethod
    def credit_note(cls, invoice, day=date(2026, 4, 20), amount=None):
        """A posted credit note of all of an invoice, or of an amount of its first line."""
        note = invoice._reverse_moves([{"invoice_date": day, "date": day}])
        if amount is not None:
            first, *others = note.invoice_line_ids
            note.invoice_line_ids = [
                Command.update(first.id, {"price_unit": amount, "quantity": 1}),
                *(Command.delete(one.id) for one in others),
            ]
        note.action_post()
        return note

    @classmethod
    def pay(cls, invoice, amount=None, **values):
        """Register a payment of an invoice."""
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        values = {"payment_date": invoice.invoice_date, **values}
        return wizard.create(values | ({"amount": amount} if amount else {}))._create_payments()

    @classmethod
    def rebuild(cls):
        """Touchpoints and credit of everything."""
        cls.env["crm.touchpoint"]._refresh()

    def figures(self, *names, campaigns=None, groupby="campaign_id", domain=()):
        """{title: (sums)} of the report."""
        domain = list(domain)
        if campaigns is not None:
            domain.append(("campaign_id", "in", campaigns.ids))
        specs = [name if ":" in name else f"{name}:sum" for name in names]
        rows = self.report._read_group(domain, [groupby], specs)
        return {
            (row[0].display_name if hasattr(row[0], "_name") else row[0]): tuple(
                None if value is None or value is False else round(value, 2) for value in row[1:]
            )
            for row in rows
        }
