"""Same product, same quantity, same segment: who pays far from the middle."""

import numpy as np
from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.price_guidance import BANDS
from ..lib.price_spread import far_from_middle
from .crm_price_lines import MONTHS

_COLUMNS = (
    "segment_id", "product_id", "quantity_min", "partner_id", "line_count", "quantity",
    "price", "middle", "share", "at_stake", "sample_count",
)  # fmt: skip


class CrmPriceDispersion(models.Model):
    """A customer whose mean price of a product is far from the middle of its segment and band.

    Written by the rebuild of the prices; formulas: ``lib/price_spread.py``.
    """

    _name = "crm.price.dispersion"
    _description = "Price Dispersion"
    _order = "at_stake desc, id"
    _rec_name = "partner_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    segment_id = fields.Many2one("crm.segment", readonly=True, index=True, ondelete="cascade")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    categ_id = fields.Many2one(related="product_id.categ_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    quantity_min = fields.Float("From Quantity", readonly=True, aggregator=None)
    line_count = fields.Integer("Lines", readonly=True)
    quantity = fields.Float("Quantity Bought", readonly=True, aggregator=None)
    price = fields.Float("Mean Price", readonly=True, aggregator=None, digits="Product Price")
    middle = fields.Float(
        readonly=True, aggregator=None, digits="Product Price",
        help="Median price per unit of the segment's lines in this band of quantity.",
    )  # fmt: skip
    share = fields.Float(
        "From the Middle", readonly=True, aggregator=None, digits=(16, 4),
        help="Above zero: pays more than the middle.",
    )  # fmt: skip
    at_stake = fields.Monetary(
        "Money at Stake", readonly=True,
        help="What the middle price would have brought in more, in the last 24 months. 0 for "
        "customers who pay more than the middle.",
    )  # fmt: skip
    sample_count = fields.Integer("Lines of the Segment", readonly=True, aggregator=None)

    @api.model
    def _store_far(self, company, lines):
        """Write the rows that differ. :param dict lines: columns of the rebuild"""
        found = far_from_middle(lines, len(BANDS))
        edges = np.array(BANDS, float)
        columns = [
            [one or None for one in found["segment"].tolist()], found["product"].tolist(),
            edges[found["band"]].tolist(), found["partner"].tolist(), found["lines"].tolist(),
            *(found[name].round(6).tolist()
              for name in ("quantity", "price", "middle", "share", "at_stake")),
            found["sample"].tolist(),
        ]  # fmt: skip
        self._write_differences(company, list(zip(*columns, strict=True)))

    def _write_differences(self, company, rows):
        names = SQL(", ").join(map(SQL.identifier, _COLUMNS))
        old = SQL(", ").join(SQL.identifier("d", name) for name in _COLUMNS)
        new = SQL(", ").join(SQL.identifier("f", name) for name in _COLUMNS)
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS crm_price_far")
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_price_far ON COMMIT DROP AS"
                " SELECT %s FROM crm_price_dispersion LIMIT 0",
                names,
            )
        )
        if rows:
            cr.execute_values("INSERT INTO crm_price_far VALUES %s", rows)
        same = SQL("(%s) IS NOT DISTINCT FROM (%s)", old, new)
        cr.execute(
            SQL(
                "DELETE FROM crm_price_dispersion d WHERE company_id = %s AND NOT EXISTS"
                " (SELECT FROM crm_price_far f WHERE f.partner_id = d.partner_id"
                " AND f.product_id = d.product_id AND %s)",
                company.id, same,
            )
        )  # fmt: skip
        cr.execute(
            SQL(
                "INSERT INTO crm_price_dispersion (company_id, %s) SELECT %s, %s"
                " FROM crm_price_far f WHERE NOT EXISTS (SELECT FROM crm_price_dispersion d"
                " WHERE d.company_id = %s AND f.partner_id = d.partner_id"
                " AND f.product_id = d.product_id AND %s)",
                names, company.id, new, company.id, same,
            )
        )  # fmt: skip
        self.invalidate_model()

    def action_open_orders(self):
        """Open the order lines behind a row, with the rights of the user."""
        self.ensure_one()
        self.check_access("read")
        domain = [("order_partner_id", "child_of", self.partner_id.id), ("state", "=", "sale")]
        return self._open("sale.order.line", self.env._("Order Lines"), domain)

    def action_open_history(self):
        """Open the lines of the sales history behind a row, with the rights of the user."""
        self.ensure_one()
        self.check_access("read")
        domain = [("partner_id", "child_of", self.partner_id.id)]
        return self._open("crm.sales.history", self.env._("Sales History"), domain)

    def _open(self, model, name, domain):
        own = [("company_id", "=", self.company_id.id), ("product_id", "=", self.product_id.id)]
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [*own, *domain],
            "help": self.env._("Nothing of the last %s months here.", MONTHS),
        }
