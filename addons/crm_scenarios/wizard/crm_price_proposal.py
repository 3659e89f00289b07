"""A pricelist drafted from the guidance of a segment, compared with the present prices."""

from collections import defaultdict

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmPriceProposal(models.TransientModel):
    """Compares; the draft itself is an archived pricelist of the host until it is applied."""

    _name = "crm.price.proposal"
    _description = "Proposal of a Pricelist"
    _rec_name = "segment_id"

    segment_id = fields.Many2one("crm.segment", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    pricelist_id = fields.Many2one(
        "product.pricelist", "Draft", required=True, readonly=True, ondelete="cascade",
        context={"active_test": False},
    )  # fmt: skip
    present_id = fields.Many2one("product.pricelist", "Present Pricelist", readonly=True)
    line_ids = fields.One2many("crm.price.proposal.line", "proposal_id", readonly=True)
    line_count = fields.Integer("Prices", readonly=True)
    changed_count = fields.Integer("Prices That Change", readonly=True)
    amount_paid = fields.Monetary(
        "Paid Last Year", readonly=True, help="By the segment, for what the draft has a price of."
    )
    amount_present = fields.Monetary(
        "At Present Prices", readonly=True, help="Last year's quantities at today's prices."
    )
    amount_draft = fields.Monetary("At the Draft's Prices", readonly=True)
    effect = fields.Monetary(readonly=True, help="The draft less the present prices.")
    state = fields.Selection([("draft", "Draft"), ("applied", "Applied")], default="draft")

    @api.model
    def _draft(self, segment):
        """Make the draft and its comparison. :return: crm.price.proposal"""
        company = self.env.company
        cells = self.env["crm.price.guidance"].search(
            [("company_id", "=", company.id), ("segment_id", "=", segment.id),
             ("product_id", "!=", False)]
        )  # fmt: skip
        cells = cells.filtered(lambda one: one.product_id.active and one.price_target > 0)
        if not cells:
            raise UserError(
                self.env._(
                    "Nothing is known of the prices that “%s” pays: a product needs five lines.",
                    segment.name,
                )
            )
        present = segment.pricelist_id or self.env["product.pricelist"].search(
            [("company_id", "in", [company.id, False]), ("crm_segment_only", "=", False)], limit=1
        )
        pricelist = self.env["product.pricelist"].create(self._prepare_draft(segment, cells))
        proposal = self.create(
            {
                "segment_id": segment.id, "company_id": company.id, "pricelist_id": pricelist.id,
                "present_id": present.id,
            }
        )  # fmt: skip
        proposal._compare(cells)
        return proposal

    def _prepare_draft(self, segment, cells):
        """Values of the archived pricelist: a fixed price per product and band of quantity."""
        company = self.env.company
        precision = self.env["decimal.precision"].precision_get("Product Price")
        return {
            "name": self.env._("%(segment)s, drafted on %(day)s", segment=segment.name,
                               day=fields.Date.context_today(self)),
            "active": False, "crm_segment_only": True,
            "company_id": company.id, "currency_id": company.currency_id.id,
            "item_ids": [
                Command.create(
                    {
                        "applied_on": "0_product_variant", "product_id": cell.product_id.id,
                        "product_tmpl_id": cell.product_id.product_tmpl_id.id,
                        "min_quantity": cell.quantity_min, "compute_price": "fixed",
                        "fixed_price": round(cell.price_target, precision),
                    }
                )
                for cell in cells
            ],
        }  # fmt: skip

    def _compare(self, cells):
        """Fill the lines and sums: present and drafted price, last year's quantity."""
        sold = self._sold()
        present = self._present_prices(cells)
        prices = {(item.product_id.id, item.min_quantity): item.fixed_price
                  for item in self.pricelist_id.item_ids}  # fmt: skip
        values = []
        for cell in cells:
            place = cell.product_id.id, cell.quantity_min
            quantity, paid = sold.get(place, (0, 0))
            values.append(
                {
                    "product_id": cell.product_id.id, "quantity_min": cell.quantity_min,
                    "present": present[place], "price": prices[place], "quantity": quantity,
                    "paid": paid, "effect": quantity * (prices[place] - present[place]),
                }
            )  # fmt: skip
        values.sort(key=lambda one: -abs(one["effect"]))
        changed = [
            one for one in values if self.currency_id.compare_amounts(one["present"], one["price"])
        ]
        self.write(
            {
                "line_ids": [Command.create(one) for one in values],
                "line_count": len(values), "changed_count": len(changed),
                "amount_paid": sum(one["paid"] for one in values),
                "amount_present": sum(one["quantity"] * one["present"] for one in values),
                "amount_draft": sum(one["quantity"] * one["price"] for one in values),
                "effect": sum(one["effect"] for one in values),
            }
        )  # fmt: skip

    def _sold(self):
        """(product, band) → (quantity, amount) that the segment bought within a year."""
        guidance = self.env["crm.price.guidance"].sudo()  # sudo: sums of all lines of the segment
        self.env.flush_all()
        today = self.env["crm.segmentation"]._today()
        since = fields.Date.subtract(today, years=1)
        lines = guidance._read_lines(self.company_id, today, self.segment_id, since)
        edges = guidance._bands()
        keys, place = np.unique(
            lines["product"].astype(np.int64) * len(edges) + lines["band"], return_inverse=True
        )
        quantity = lines["quantity"]
        sums = (np.bincount(place, one, len(keys)) for one in (
            quantity, quantity * lines["price"]))  # fmt: skip
        return {
            (key // len(edges), float(edges[key % len(edges)])): both
            for key, *both in zip(keys.tolist(), *(one.tolist() for one in sums), strict=True)
        }

    def _present_prices(self, cells):
        """(product, band) → price that the present pricelist gives, in the company's currency."""
        found, by_band = {}, defaultdict(lambda: self.env["product.product"])
        for cell in cells:
            by_band[cell.quantity_min] |= cell.product_id
        for band, products in by_band.items():
            prices = self.present_id._get_products_price(
                products, max(band, 1.0), currency=self.company_id.currency_id
            )
            found.update(((id_, band), price) for id_, price in prices.items())
        return found

    def _open(self):
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id,
            "view_mode": "form", "target": "current",
            "name": self.env._("Pricelist for %s", self.segment_id.name),
        }  # fmt: skip

    def action_apply(self):
        """Take the draft into use for the segment: from now on its customers get these prices.

        :raises AccessError: for users who are no sales managers
        """
        self.ensure_one()
        self.segment_id._check_prices()
        if not self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            raise UserError(
                self.env._("Pricelists are switched off: switch them on in the settings of Sales.")
            )
        self.pricelist_id.active = True
        segment = self.segment_id.with_company(self.company_id)
        segment.action_assign_pricelist(self.pricelist_id.id)
        self.state = "applied"

    def action_discard(self):
        """Delete the draft.

        :raises AccessError: for users who are no sales managers
        """
        self.ensure_one()
        self.segment_id._check_prices()
        if self.state == "draft":
            self.pricelist_id.unlink()
        return {"type": "ir.actions.client", "tag": "home"}

    def action_open_pricelist(self):
        """Open the draft, to be edited before it is applied."""
        self.ensure_one()
        return self.pricelist_id.get_formview_action()


class CrmPriceProposalLine(models.TransientModel):
    """A price of the draft beside the present one."""

    _name = "crm.price.proposal.line"
    _description = "Price of a Proposal"

    proposal_id = fields.Many2one(
        "crm.price.proposal", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="proposal_id.currency_id")
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    quantity_min = fields.Float("From Quantity", readonly=True)
    present = fields.Float("Present Price", readonly=True, digits="Product Price")
    price = fields.Float("Draft", readonly=True, digits="Product Price")
    quantity = fields.Float("Bought Last Year", readonly=True)
    paid = fields.Monetary("Paid Last Year", readonly=True)
    effect = fields.Monetary(readonly=True)
