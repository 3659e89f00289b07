"""One row of figures per customer and company, rebuilt from the host's documents."""

from odoo import api, fields, models
from odoo.exceptions import AccessError


class CrmCustomerMetrics(models.Model):
    """Figures of one customer (commercial entity) in one company.

    Definitions
    -----------
    document
        a posted customer invoice, receipt or credit note (or a confirmed order,
        where the company's basis says so), or a document of the sales history;
        untaxed, in the company's currency.
    purchase
        a document with a positive untaxed total that is no credit note.
    refund
        the money of every other document, counted positive.

    Rows are written by :meth:`refresh` only and can be rebuilt at any time.
    A customer without a row has no sale, refund or opportunity in that company.
    """

    _name = "crm.customer.metrics"
    _description = "Customer Figures"
    _order = "revenue_total desc, id"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    first_purchase_date = fields.Date("First Purchase", readonly=True)
    last_purchase_date = fields.Date("Last Purchase", readonly=True)
    purchase_count = fields.Integer(
        "Purchases",
        readonly=True,
        help="Purchases as the company counts them: invoices with a positive untaxed total, "
        "the orders behind them, or days; credit notes never count.",
    )
    purchase_count_12m = fields.Integer("Purchases (12 Months)", readonly=True)
    purchase_total = fields.Monetary(
        "Money of Purchases", readonly=True, help="Revenue before credit notes."
    )
    revenue_total = fields.Monetary(
        "Revenue", readonly=True, help="Untaxed, net of credit notes, since the beginning."
    )
    revenue_12m = fields.Monetary(
        "Revenue (12 Months)",
        readonly=True,
        help="Untaxed, net of credit notes, of the last twelve months.",
    )
    average_purchase = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="Money of purchases divided by the number of purchases.",
    )
    refund_total = fields.Monetary(
        "Refunds", readonly=True, help="Money of credit notes, counted positive."
    )
    refund_rate = fields.Float(
        readonly=True, aggregator=None, help="Refunds divided by the money of purchases."
    )
    interval_count = fields.Integer(
        "Purchase Intervals",
        readonly=True,
        help="Number of gaps between distinct days with a purchase.",
    )
    interval_median = fields.Float(
        "Median Interval (Days)",
        readonly=True,
        aggregator=None,
        help="Median gap between distinct days with a purchase.",
    )
    interval_p75 = fields.Float(
        "Long Interval (Days)",
        readonly=True,
        aggregator=None,
        help="Three in four gaps between distinct days with a purchase are no longer than this.",
    )
    interval_expected = fields.Integer(
        "Expected Interval (Days)",
        readonly=True,
        aggregator=None,
        help="How long this customer may take until the next purchase: their own "
        "long interval from three intervals on, else that of all customers "
        "of the company or their own longest gap, whichever is longer.",
    )
    interval_basis = fields.Selection(
        [
            ("own", "Own intervals"),
            ("population", "All customers"),
            ("default", "Default of 90 days"),
        ],
        "Interval Taken From",
        readonly=True,
    )
    risk_date = fields.Date(
        "At Risk From",
        readonly=True,
        help="Last purchase plus one and a half times the expected interval.",
    )
    lost_date = fields.Date(
        "Lost From", readonly=True, help="Last purchase plus three times the expected interval."
    )
    days_to_pay = fields.Float(
        readonly=True,
        aggregator=None,
        help="Days from invoice to payment, weighted by the money paid.",
    )
    amount_overdue = fields.Monetary(
        "Overdue", readonly=True, help="Open amount of invoices past their due date."
    )
    last_contact_date = fields.Date(
        "Last Contact",
        readonly=True,
        help="Last mailing, e-mail, completed activity or meeting with the customer.",
    )
    contacts_30d = fields.Integer(
        "Contacts (30 Days)",
        readonly=True,
        aggregator=None,
        help="Mailings, e-mails, completed activities and meetings of the last 30 days, together.",
    )
    opportunity_open_count = fields.Integer("Open Opportunities", readonly=True)
    won_count = fields.Integer("Won Opportunities", readonly=True)
    lost_count = fields.Integer("Lost Opportunities", readonly=True)
    win_rate = fields.Float(
        readonly=True, aggregator=None, help="Won divided by won and lost opportunities."
    )

    _partner_company_uniq = models.UniqueIndex("(partner_id, company_id)")

    @api.model
    def refresh(self, partners=None, company=None):
        """Bring the figures up to date; only rows that differ are written.

        :param partners: res.partner records (contacts stand for their commercial
            entity), None for everybody
        :param company: res.company record, None for all companies
        :return: ids of the partners whose figures changed, as a set
        :raises AccessError: for users who are not managers of segments
        """
        if not (self.env.su or self.env.user.has_group("crm_segments.group_segments_manager")):
            raise AccessError(self.env._("Only managers of segments may rebuild the figures."))
        # The figures cover documents of all salespeople; who may read them is
        # decided where they are read.
        Metrics = self.sudo()
        # A contact's own id too: one that was a customer until now leaves a row behind.
        ids = None if partners is None else (partners | partners.commercial_partner_id).ids
        companies = company or Metrics.env["res.company"].search([])
        changed = set()
        for one in companies:
            changed |= Metrics._refresh_company(one.sudo(), ids)  # sudo: as above
        return changed
