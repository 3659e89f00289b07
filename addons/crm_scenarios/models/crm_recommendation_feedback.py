"""What became of a recommendation: shown, added, dismissed."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

LISTS = [
    ("again", "Buy again"),
    ("new", "New for the customer"),
    ("sellers", "Best sellers"),
]
#: reasons of a dismissal and the company's setting that says how long it holds
REASONS = {
    "later": "crm_recommendation_later_days",
    "stocked": "crm_recommendation_later_days",
    "elsewhere": "crm_recommendation_never_days",
    "unfit": "crm_recommendation_never_days",
}


class CrmRecommendationFeedback(models.Model):
    """One row per showing, adding or dismissal of a product for a customer or lead.

    A product is shown once a day at most, per list. Written through the methods below and
    ``sale.order.add_recommended`` only.
    """

    _name = "crm.recommendation.feedback"
    _description = "Feedback on a Recommendation"
    _order = "date desc, id desc"
    _rec_name = "product_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="cascade",
        help="The lead that was asked for; kept for leads without a customer.",
    )  # fmt: skip
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True, ondelete="set null")
    kind = fields.Selection(
        [("shown", "Shown"), ("added", "Added"), ("dismissed", "Dismissed")],
        required=True,
        readonly=True,
    )
    list = fields.Selection(LISTS, required=True, readonly=True)
    reason = fields.Selection(
        [
            ("later", "Not now"),
            ("stocked", "Has enough"),
            ("elsewhere", "Buys it elsewhere"),
            ("unfit", "Does not need it"),
        ],
        readonly=True,
    )
    date = fields.Date(required=True, readonly=True)
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, ondelete="set null",
        help="Segment of the customer in the leading segmentation at that time.",
    )  # fmt: skip
    order_line_id = fields.Many2one(
        "sale.order.line", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _shown_unique = models.UniqueIndex(
        "(company_id, COALESCE(partner_id, 0), COALESCE(lead_id, 0), product_id, date, list)"
        " WHERE kind = 'shown'"
    )
    _for_whom = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR lead_id IS NOT NULL)",
        "A recommendation is for a customer or a lead.",
    )

    @api.model
    def note_shown(self, lines, partner_id=None, lead_id=None, order_id=None):
        """Note what a screen has shown; the same again on one day is noted once.

        :param list lines: dicts with ``product_id`` and ``list``
        :param partner_id: as in ``crm.recommendation.recommend``, as are the others
        :return: True
        :raises AccessError: if the user may not read the customer, lead or quotation
        """
        case = self.env["crm.recommendation"]._case(partner_id, lead_id, order_id)
        self._note("shown", case, self._checked_lines(lines))
        return True

    @api.model
    def dismiss(self, line, reason, partner_id=None, lead_id=None, order_id=None):
        """Take a product off the lists of this customer, for as long as the reason says.

        :param dict line: ``product_id`` and ``list``
        :param str reason: ``later``, ``stocked``, ``elsewhere`` or ``unfit``
        :param partner_id: as in ``crm.recommendation.recommend``, as are the others
        :return: True
        :raises UserError: for a reason that is not known
        """
        if reason not in REASONS:
            raise UserError(self.env._("Say why the product is not wanted."))
        case = self.env["crm.recommendation"]._case(partner_id, lead_id, order_id)
        self._note("dismissed", case, self._checked_lines([line]), reason=reason)
        return True

    @api.model
    def restore(self, product_id, partner_id=None, lead_id=None, order_id=None):
        """Take a dismissal back: the product may be recommended to this customer again.

        :return: True
        """
        case = self.env["crm.recommendation"]._case(partner_id, lead_id, order_id)
        [line] = self._checked_lines([{"product_id": product_id, "list": "new"}])
        rows = self._dismissals(case)
        ids = [row_id for row_id, product_id, *_rest in rows if product_id == line["product_id"]]
        # sudo: feedback is written by these methods only; a dismissal holds for everybody who
        # serves the customer, so whoever serves it may take it back
        self.sudo().browse(ids).unlink()
        return True

    @api.model
    def _dismissals(self, case):
        """What was dismissed for the customer, or for the lead while it has none.

        A plain statement: each list asks for it, and a domain takes longer than its answer.

        :return: list of (id, product id, reason, date)
        """
        self.flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        whom = SQL("f.lead_id = %s", case.lead.id or 0)
        if case.partner:
            whom = SQL(
                "(f.partner_id = ANY(ARRAY(SELECT id FROM res_partner"
                " WHERE commercial_partner_id = %s)) OR %s)",
                case.partner.id,
                whom,
            )
        return self.env.execute_query(
            SQL(
                "SELECT f.id, f.product_id, f.reason, f.date FROM crm_recommendation_feedback f"
                " WHERE f.kind = 'dismissed' AND f.company_id = %s AND %s ORDER BY f.id",
                case.company.id,
                whom,
            )
        )

    @api.model
    def _checked_lines(self, lines):
        """The lines, with ids and lists that can be ours."""
        known = {name for name, _label in LISTS}
        good = isinstance(lines, list) and all(
            isinstance(line, dict)
            and isinstance(line.get("product_id"), int)
            and not isinstance(line["product_id"], bool)
            and line.get("list") in known
            for line in lines
        )
        if not good:
            raise UserError(self.env._("A line is a product and the list that it stands in."))
        ids = {line["product_id"] for line in lines}
        readable = set(self.env["product.product"].search([("id", "in", list(ids))]).ids)
        return [line for line in lines if line["product_id"] in readable]

    @api.model
    def _note(self, kind, case, lines, reason=None):
        """Write a row per line, in one statement; ``order_line_id`` of a line is kept."""
        if not lines:
            return
        # sudo: whoever sees the customer sees the badge
        holder = (case.partner or case.lead).sudo()
        self.flush_model()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_recommendation_feedback
                    (company_id, partner_id, lead_id, user_id, kind, reason, date, segment_id,
                     product_id, list, order_line_id)
                SELECT %(company)s, %(partner)s, %(lead)s, %(user)s, %(kind)s, %(reason)s,
                       %(today)s, %(segment)s, l.product_id, l.list, NULLIF(l.order_line_id, 0)
                FROM unnest(%(products)s, %(lists)s, %(order_lines)s)
                     AS l(product_id, list, order_line_id)
                ON CONFLICT DO NOTHING RETURNING id
                """,
                company=case.company.id,
                partner=case.partner.id or None,
                lead=None if case.partner else case.lead.id,
                user=self.env.uid,
                kind=kind,
                reason=reason,
                today=case.today,
                segment=holder.leading_segment_id.id or None,
                products=[line["product_id"] for line in lines],
                lists=[line["list"] for line in lines],
                order_lines=[line.get("order_line_id") or 0 for line in lines],
            )
        )
        self.invalidate_model()


class CrmRecommendation(models.AbstractModel):
    _inherit = "crm.recommendation"

    def _dismissed(self, case):
        """Ids of products that are dismissed for the case now."""
        # sudo: settings; a dismissal by any colleague counts, only products leave this method
        company = case.company.sudo()
        dismissed = set()
        for _id, product_id, reason, date in self.env["crm.recommendation.feedback"]._dismissals(
            case
        ):
            days = company[REASONS[reason]]
            if not days or fields.Date.add(date, days=days) > case.today:
                dismissed.add(product_id)
        return dismissed

    def _dismissal_reasons(self):
        """:return: list of (value, label in the user's language)"""
        field = self.env["crm.recommendation.feedback"]._fields["reason"]
        return field._description_selection(self.env)
