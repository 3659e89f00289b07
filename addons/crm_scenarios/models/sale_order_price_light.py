"""Whether the price of a line is usual: the traffic light on the quotation."""

from odoo import api, models
from odoo.tools import SQL

from ..lib.price_guidance import discount


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.depends(
        "product_id", "product_uom_qty", "product_uom_id", "price_subtotal", "order_id.partner_id",
        "order_id.currency_rate", "state",
    )  # fmt: skip
    def _compute_crm_price(self):
        """All lines in one query, however many there are."""
        asked = self.filtered(
            lambda line: line.product_id and not line.display_type and line.product_uom_qty > 0
            and line.state in ("draft", "sent") and not line.is_downpayment
        )  # fmt: skip
        self.crm_price_light = self.crm_price_hint = self.crm_price_guidance_id = False
        self.crm_price_given = 0
        if not asked or not self.env["crm.price.guidance"].has_access("read"):
            return
        found = asked._price_cells()
        for line in asked:
            cell, reference = line._price_cell(found)
            if cell:
                line._set_price_light(cell, reference)

    def _price_cells(self):
        """Rows of guidance for these lines' companies, customers, products and categories."""
        self.env["crm.price.guidance"].flush_model()
        partners = self.order_id.partner_id.commercial_partner_id
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT g.id, g.reference_kind, g.company_id, g.segment_id, g.categ_id, g.product_id, g.quantity_min,
                       g.quantity_max, g.discount_stretch, g.discount_target, g.discount_floor,
                       g.sample_count, g.reference, s.partner_id
                FROM crm_price_guidance g
                LEFT JOIN crm_segment_membership s ON s.segment_id = g.segment_id
                    AND s.company_id = g.company_id AND s.partner_id = ANY(%(partners)s)
                    AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
                WHERE g.company_id = ANY(%(companies)s)
                  AND (g.segment_id IS NULL OR s.partner_id IS NOT NULL)
                  AND (g.product_id = ANY(%(products)s)
                       OR g.product_id IS NULL AND g.categ_id = ANY(%(categories)s))
                """,
                partners=partners.ids,
                # a company that is switched off says nothing
                companies=(self.company_id & self.env.companies).ids,
                products=self.product_id.ids,
                categories=self.product_id.categ_id.ids,
            )
        )
        found = {}
        for row in rows:
            place = (row["company_id"], row["partner_id"], row["product_id"], row["categ_id"])
            found.setdefault(place, []).append(row)
        return found

    def _price_cell(self, found):
        """(the narrowest cell that there is, reference price of the product)."""
        self.ensure_one()
        partner = self.order_id.partner_id.commercial_partner_id.id
        company, product, category = self.company_id.id, self.product_id, self.product_id.categ_id
        common = found.get((company, None, product.id, category.id), [])
        rows = [row for row in common if row["reference"]]
        if rows and rows[0]["reference_kind"] == "estimated":
            reference = rows[0]["reference"]
        else:
            reference = self._list_price_now()  # the line will keep it when confirmed
        quantity = self.product_uom_id._compute_quantity(
            self.product_uom_qty, product.uom_id, round=False
        )
        for whose, what in (
            (partner, product.id),
            (partner, None),
            (None, product.id),
            (None, None),
        ):
            for row in found.get((company, whose, what, category.id), []):
                above = row["quantity_max"] and quantity >= row["quantity_max"]
                if quantity >= row["quantity_min"] and not above:
                    return row, reference
        return None, reference

    def _set_price_light(self, cell, reference):
        """Compare the line with its cell; without a reference of the product there is nothing."""
        quantity = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )
        net = self.price_subtotal / (self.order_id.currency_rate or 1) / quantity
        given = discount(reference, net)
        if given is None:
            return
        self.crm_price_given, self.crm_price_guidance_id = given, cell["id"]
        values = {
            "low": self._percent(cell["discount_stretch"]),
            "high": self._percent(cell["discount_floor"]), "given": self._percent(given),
            "count": cell["sample_count"],
        }  # fmt: skip
        if cell["segment_id"]:
            self.crm_price_hint = self.env._(
                "typical for this segment: %(low)s to %(high)s %%, you give %(given)s %% "
                "(%(count)s lines)",
                **values,
            )
        else:
            self.crm_price_hint = self.env._(
                "typical: %(low)s to %(high)s %%, you give %(given)s %% (%(count)s lines)", **values
            )
        if self._below_cost(net):
            self.crm_price_light = "low"
            self.crm_price_hint = self.env._(
                "%(hint)s; below cost and minimum margin", hint=self.crm_price_hint
            )
            return
        shares = cell["discount_target"], cell["discount_floor"]
        # to a tenth of a per cent, as it is told
        self.crm_price_light = ("good", "fair", "low")[
            sum(round(given, 3) > round(share, 3) for share in shares)
        ]

    def _below_cost(self, net):
        """Whether a price is below the present cost and the company's minimum margin."""
        # sudo: told is only that it is below, and only to whom the host shows costs
        product = self.product_id.sudo().with_company(self.company_id)
        if not product.standard_price or not self.env.user._is_internal():
            return False
        margin = self.company_id.sudo().crm_price_margin / 100
        cost = product.cost_currency_id._convert(
            product.standard_price, self.company_id.currency_id, self.company_id,
            self.order_id.date_order, round=False,
        )  # fmt: skip
        return net < cost / (1 - margin) - 1e-6

    @staticmethod
    def _percent(share):
        return str(round(100 * share))
