"""How often quotations are won at which discount: by segment and category, from this database."""

import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.win_curve import LEAST, win_curve
from .crm_price_lines import MONTHS

VERDICTS = [
    ("rising", "More discount wins more often"),
    ("flat", "Discount makes no difference that could not be chance"),
    ("mixed", "No clear relation"),
    ("few", "Not enough data"),
]
_COLUMNS = ("segment_id", "categ_id", "won_count", "lost_count", "verdict", "bins")


class CrmPriceCurve(models.Model):
    """Won (confirmed) and lost (cancelled or expired) quotations by their discount.

    Written by the rebuild of the prices; formulas: ``lib/win_curve.py``. A quotation counts in
    each category that it has lines of, with the discount of those lines.
    """

    _name = "crm.price.curve"
    _inherit = ["crm.price.chart"]
    _description = "Win Curve"
    _order = "company_id, lost_count DESC, won_count DESC, id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, index=True, ondelete="cascade", help="Empty: all customers."
    )
    categ_id = fields.Many2one(
        "product.category", "Category", readonly=True, index=True, ondelete="cascade",
        help="Empty: all products.",
    )  # fmt: skip
    won_count = fields.Integer("Won Quotations", readonly=True, aggregator=None)
    lost_count = fields.Integer("Lost Quotations", readonly=True, aggregator=None)
    verdict = fields.Selection(VERDICTS, readonly=True)
    bins = fields.Json(readonly=True, export_string_translation=False)

    _place_unique = models.UniqueIndex(
        "(company_id, COALESCE(segment_id, 0), COALESCE(categ_id, 0))"
    )

    @api.depends("segment_id", "categ_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for curve in self:
            whose = curve.segment_id.name or self.env._("All customers")
            what = curve.categ_id.display_name or self.env._("All products")
            curve.display_name = f"{whose}: {what}"

    @api.model
    def _rebuild(self, company, today, references):
        """Compare the quotations of a company; write what differs.

        :param dict references: product → reference price of lines that kept no list price
        """
        sides = {}
        orders = {}
        for order, segment, categ, won, net, reference in self.env.execute_query(
            self._quotations_sql(company, today, references)
        ):
            if categ:
                self._add(sides, segment, categ, won, 1 - net / reference)
            sums = orders.setdefault((order, segment, won), [0, 0])
            sums[0] += net
            sums[1] += reference
        for (_order, segment, won), (net, reference) in orders.items():
            self._add(sides, segment, None, won, 1 - net / reference)
        sides.setdefault((None, None), ([], []))
        self._store(company, [self._row(*place, *both) for place, both in sides.items()])
        self.invalidate_model()

    @staticmethod
    def _add(sides, segment, categ, won, discount):
        # cents make no difference: what gave no discount stands in one bin
        discount = round(discount, 3)
        for place in {(None, categ), (segment, categ)}:
            sides.setdefault(place, ([], []))[0 if won else 1].append(discount)

    @staticmethod
    def _row(segment, categ, won, lost):
        curve = win_curve(won, lost)
        bins = json.dumps([[round(one, 6) for one in row] for row in curve.bins])
        return segment, categ, len(won), len(lost), curve.verdict, bins

    def _quotations_sql(self, company, today, references):
        """SELECT of (order, segment, category, won, net, reference) in the company's currency.

        The list price kept on the line counts, else the reference of the product.
        """
        joins, factor = self.env["crm.product.affinity"]._units(
            SQL.identifier("l", "product_uom_id")
        )
        reference = SQL("COALESCE(NULLIF(l.crm_list_price, 0), r.price)")
        return SQL(
            """
            SELECT o.id, s.segment_id, pt.categ_id, o.state = 'sale' AS won,
                   SUM(l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1))::float8,
                   SUM(%(reference)s * l.product_uom_qty * %(factor)s)::float8
            FROM sale_order o
            JOIN res_partner p ON p.id = o.partner_id
            JOIN sale_order_line l ON l.order_id = o.id
            %(joins)s
            LEFT JOIN unnest(%(products)s::int[], %(prices)s::float8[]) r (product_id, price)
                ON r.product_id = l.product_id
            LEFT JOIN crm_segment_membership s ON s.partner_id = p.commercial_partner_id
                AND s.company_id = %(company)s AND s.segmentation_id = %(segmentation)s
                AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
            WHERE o.company_id = %(company)s
              AND o.create_date > %(today)s::date - %(months)s * INTERVAL '1 month'
              AND (o.state IN ('sale', 'cancel')
                   OR o.state IN ('draft', 'sent') AND o.validity_date < %(today)s)
              AND l.display_type IS NULL AND NOT COALESCE(l.is_downpayment, FALSE)
              AND l.price_subtotal > 0 AND l.product_uom_qty > 0
              AND l.product_id <> ALL(%(charges)s) AND %(reference)s > 0
            GROUP BY o.id, s.segment_id, pt.categ_id
            """,
            reference=reference,
            factor=factor,
            joins=joins,
            products=list(references),
            prices=list(references.values()),
            company=company.id,
            segmentation=company._leading_segmentation().id or 0,
            today=today,
            months=MONTHS,
            charges=self.env["crm.product.affinity"]._charge_products(company),
        )

    def _store(self, company, rows):
        """Write the rows that differ, delete those that are gone."""
        names = SQL(", ").join(map(SQL.identifier, _COLUMNS))
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS crm_price_curve_found")
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_price_curve_found ON COMMIT DROP AS"
                " SELECT %s FROM crm_price_curve LIMIT 0",
                names,
            )
        )
        cr.execute_values("INSERT INTO crm_price_curve_found VALUES %s", rows)
        same = SQL(
            "c.company_id = %s AND (%s) IS NOT DISTINCT FROM (%s)",
            company.id,
            SQL(", ").join(SQL.identifier("c", name) for name in _COLUMNS),
            SQL(", ").join(SQL.identifier("f", name) for name in _COLUMNS),
        )
        cr.execute(
            SQL(
                "DELETE FROM crm_price_curve c WHERE c.company_id = %s AND NOT EXISTS"
                " (SELECT FROM crm_price_curve_found f WHERE %s)",
                company.id,
                same,
            )
        )
        cr.execute(
            SQL(
                "INSERT INTO crm_price_curve (company_id, %s) SELECT %s, %s"
                " FROM crm_price_curve_found f WHERE NOT EXISTS"
                " (SELECT FROM crm_price_curve c WHERE %s)",
                names, company.id, names, same,
            )
        )  # fmt: skip

    @api.model
    def _told(self, company, segment, categ):
        """The curve of the narrowest place with enough quotations, as the screen shows it.

        :return: dict ``name``, ``won``, ``lost``, ``verdict``, ``text``, ``bins`` (list of dicts)
        """
        curves = self.search([("company_id", "=", company.id)])
        by_place = {(one.segment_id, one.categ_id): one for one in curves}
        nobody, everything = segment.browse(), categ.browse()
        places = [(segment, categ), (nobody, categ), (segment, everything), (nobody, everything)]
        found = [by_place[place] for place in places if place in by_place]
        enough = [one for one in found if one.verdict != "few"]
        curve = (enough or found or [self.browse()])[0]
        names = "low", "high", "won", "n", "rate", "rate_low", "rate_high", "fitted"
        return {
            "name": curve.display_name or "", "won": curve.won_count, "lost": curve.lost_count,
            "verdict": curve.verdict or "few", "text": curve._text(),
            "bins": [dict(zip(names, row, strict=True)) for row in curve.bins or []],
        }  # fmt: skip

    def _text(self):
        """The answer in a sentence."""
        verdict = self.verdict or "few"
        if verdict == "few":
            return self.env._(
                "Not enough data for a win curve: %(won)s quotations won and %(lost)s lost, it "
                "takes %(least)s of each.",
                won=self.won_count, lost=self.lost_count, least=LEAST,
            )  # fmt: skip
        return {
            "rising": self.env._("More discount wins more often here."),
            "flat": self.env._(
                "Discount makes no difference here that could not be chance: no reason to give "
                "more."
            ),
            "mixed": self.env._(
                "Winning does not rise with the discount here: quotations with more discount were "
                "won less often somewhere. No recommendation follows from it."
            ),
        }[verdict]

    def chart(self):
        """What the chart shows: of a curve alone.

        :return: dict as of ``crm.price.guidance.chart``, without ``cell``
        :raises AccessError: for users who may not read it
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "cell": None,
            "curve": self._told(self.company_id, self.segment_id, self.categ_id),
        }
