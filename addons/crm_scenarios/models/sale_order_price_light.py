"""Whether the price of a line is usual: the traffic light on the quotation.

Two queries for all lines: what is usual, and what the products cost and list at. The host's own
fields would take one query per table, and a quotation of a hundred lines opens often.
"""

from odoo import api, models
from odoo.tools import SQL

from ..lib.price_guidance import discount, light


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.depends(
        "product_id", "product_uom_qty", "product_uom_id", "price_subtotal", "order_id.partner_id",
        "order_id.currency_rate", "state",
    )  # fmt: skip
    def _compute_crm_price(self):
        """Light, hint, discount and the cell that they come from."""
        self.crm_price_light = self.crm_price_hint = False
        self.crm_price_given = self.crm_price_cell = 0
        asked = self.filtered(lambda line: line._has_price_light())
        if not asked or not self.env["crm.price.guidance"].has_access("read"):
            return
        facts, cells = asked._price_facts(), asked._price_cells()
        for line in asked:
            line._set_price(facts, cells)

    def _has_price_light(self):
        delivery = "is_delivery" in self._fields and self.is_delivery
        # a company that is switched off says nothing
        return (
            self.product_id and not self.display_type and self.product_uom_qty > 0
            and self.state in ("draft", "sent") and not self.is_downpayment and not delivery
            and self.company_id in self.env.companies
        )  # fmt: skip

    def _price_facts(self):
        """(company id, product id) → row: category, units, list price, cost, minimum margin.

        ``plain``: the list price needs no conversion, neither of taxes nor of currency.
        """
        self.env["product.product"].flush_model(["standard_price", "product_tmpl_id"])
        self.env["product.template"].flush_model(["list_price", "categ_id", "uom_id", "company_id"])
        self.env["res.company"].flush_model(["crm_price_margin"])
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT c.id AS company_id, c.currency_id, pp.id AS product_id, t.categ_id, u.factor,
                       (SELECT jsonb_object_agg(l.id, l.factor) FROM uom_uom l
                        WHERE l.id = ANY(%(units)s)) AS units,
                       t.list_price + COALESCE((
                           SELECT SUM(v.price_extra) FROM product_variant_combination x
                           JOIN product_template_attribute_value v
                             ON v.id = x.product_template_attribute_value_id
                           WHERE x.product_product_id = pp.id), 0) AS list_price,
                       COALESCE((pp.standard_price->>c.id::text)::float8, 0) AS cost,
                       c.crm_price_margin / 100 AS margin,
                       (t.company_id IS NULL OR t.company_id = c.id)
                       AND NOT EXISTS (SELECT FROM product_taxes_rel r WHERE r.prod_id = t.id
                           AND r.tax_id = ANY(%(taxes)s)) AS plain
                FROM product_product pp
                JOIN product_template t ON t.id = pp.product_tmpl_id
                LEFT JOIN uom_uom u ON u.id = t.uom_id
                JOIN res_company c ON c.id = ANY(%(companies)s)
                WHERE pp.id = ANY(%(products)s)
                """,
                companies=self.company_id.ids,
                products=self.product_id.ids,
                units=self.product_uom_id.ids,
                taxes=self._included_taxes(),
            )
        )
        return {(row["company_id"], row["product_id"]): row for row in rows}

    def _included_taxes(self):
        """SQL array of the taxes that are, or may be, part of the price."""
        return SQL(
            "ARRAY(SELECT x.id FROM account_tax x JOIN res_company y ON y.id = x.company_id"
            " WHERE COALESCE(x.price_include_override, y.account_price_include) = 'tax_included')"
        )

    def _price_cells(self):
        """(company, contact or None, product or None, category) → rows of guidance."""
        self.env["crm.price.guidance"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT g.id, g.reference_kind, g.company_id, g.segment_id, g.categ_id,
                       g.product_id, g.quantity_min, g.quantity_max, g.discount_stretch,
                       g.discount_target, g.discount_floor, g.sample_count, g.reference, w.contact
                FROM crm_price_guidance g
                LEFT JOIN (
                    SELECT p.id AS contact, s.segment_id, s.company_id
                    FROM res_partner p
                    JOIN crm_segment_membership s ON s.partner_id = p.commercial_partner_id
                    WHERE p.id = ANY(%(partners)s)
                      AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
                ) w ON w.segment_id = g.segment_id AND w.company_id = g.company_id
                WHERE g.company_id = ANY(%(companies)s)
                  AND (g.segment_id IS NULL OR w.contact IS NOT NULL)
                  AND (g.product_id = ANY(%(products)s)
                       OR g.product_id IS NULL AND COALESCE(g.categ_id, 0) IN (
                           SELECT COALESCE(t.categ_id, 0) FROM product_product pp
                           JOIN product_template t ON t.id = pp.product_tmpl_id
                           WHERE pp.id = ANY(%(products)s)))
                """,
                partners=self.order_id.partner_id.ids,
                companies=self.company_id.ids,
                products=self.product_id.ids,
            )
        )
        found = {}
        for row in rows:
            place = (row["company_id"], row["contact"], row["product_id"], row["categ_id"])
            found.setdefault(place, []).append(row)
        return found

    def _price_parts(self, facts, cells):
        """(reference, net) of the whole line in the company's currency, None if unknown."""
        fact = facts.get((self.company_id.id, self.product_id._origin.id))
        if not fact:
            return None
        foreign = self.currency_id.id != fact["currency_id"]
        net = self.price_subtotal / (foreign and self.order_id.currency_rate or 1)
        return self._price_reference(cells, fact) * self._price_quantity(fact), net

    def _price_quantity(self, fact):
        """In the product's own unit."""
        factor = (fact["units"] or {}).get(str(self.product_uom_id.id))
        return self.product_uom_qty * (factor or 1) / (fact["factor"] or 1)

    def _set_price(self, facts, cells):
        reference, net = self._price_parts(facts, cells) or (0, 0)
        given = discount(reference, net)
        # what is given away has no price
        if given is None or net <= 0:
            return
        self.crm_price_given = given
        fact = facts[self.company_id.id, self.product_id._origin.id]
        quantity = self._price_quantity(fact)
        cell, net = self._price_cell(cells, fact, quantity), net / quantity
        if cell:
            self.crm_price_cell = cell["id"]
            self._set_price_light(cell, given, self._below_cost(fact, net))

    def _price_reference(self, cells, fact):
        """What the discount is told against: the list price that would be kept, or the estimate.

        Where past list prices are estimated, today's is not compared with them.
        """
        place = fact["company_id"], None, fact["product_id"], fact["categ_id"]
        for row in cells.get(place, ()):
            if row["reference"] and row["reference_kind"] == "estimated":
                return row["reference"]
        return fact["list_price"] if fact["plain"] else self._list_price_now()

    def _price_cell(self, cells, fact, quantity):
        """The narrowest cell that there is for the line, or None."""
        partner = self.order_id.partner_id._origin.id
        places = ((one, two) for one in (partner, None) for two in (fact["product_id"], None))
        for whose, what in places:
            for row in cells.get((fact["company_id"], whose, what, fact["categ_id"]), ()):
                above = row["quantity_max"] and quantity >= row["quantity_max"]
                if quantity >= row["quantity_min"] and not above:
                    return row
        return None

    @staticmethod
    def _below_cost(fact, net):
        return bool(fact["cost"]) and net < fact["cost"] / (1 - fact["margin"]) - 1e-6

    def _set_price_light(self, cell, given, below_cost):
        """What is told: shares only, no money."""
        hint = self._price_hint(cell, given)
        if below_cost:
            hint = self.env._("%(hint)s; below cost and minimum margin", hint=hint)
        self.crm_price_hint = hint
        usual = light(given, cell["discount_target"], cell["discount_floor"])
        self.crm_price_light = "low" if below_cost else usual

    def _price_hint(self, cell, given):
        values = {
            "low": self._percent(cell["discount_stretch"]),
            "high": self._percent(cell["discount_floor"]), "given": self._percent(given),
            "count": cell["sample_count"],
        }  # fmt: skip
        if cell["segment_id"]:
            return self.env._(
                "typical for this segment: %(low)s to %(high)s %%, you give %(given)s %% "
                "(%(count)s lines)",
                **values,
            )
        return self.env._(
            "typical: %(low)s to %(high)s %%, you give %(given)s %% (%(count)s lines)", **values
        )

    @staticmethod
    def _percent(share):
        return str(round(100 * share))
