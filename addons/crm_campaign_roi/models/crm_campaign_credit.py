"""Credit: how each order is shared among the touches before it, a row per order and touch."""

from odoo import fields, models

from .attribution_models import PATH_MODELS
from .unchecked import Unchecked

#: who may see whose order it is that a campaign is credited for
DOCUMENTS = (
    "sales_team.group_sale_salesman_all_leads,account.group_account_invoice,"
    "account.group_account_readonly"
)


class CrmCampaignCredit(models.Model):
    """One touch of one order, with its share of it under every path model.

    The order is one of three: an order of this database, an invoice that no order stands behind,
    or a document of the sales history. An order without any touch has one row, without a
    touchpoint, whose shares are all 1: unattributed. Shares of an order add up to 1 under each
    model. In money, what rounding leaves goes to the last touch (``position`` = ``touches``).
    """

    _name = "crm.campaign.credit"
    _description = "Credit of a Campaign for an Order"
    _order = "date desc, id"
    # A million rows that nobody edits.
    _log_access = False

    company_id = Unchecked("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="cascade", groups=DOCUMENTS
    )
    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        groups=DOCUMENTS,
    )
    history_key = fields.Char(
        "Document of the History",
        readonly=True,
        index="btree_not_null",
        groups=DOCUMENTS,
        help="Ids of the source and of the customer, and number of the document.",
    )
    touchpoint_id = fields.Many2one(
        "crm.touchpoint", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    campaign_id = Unchecked("utm.campaign", readonly=True)
    medium_id = Unchecked("utm.medium", readonly=True)
    source_id = Unchecked("utm.source", readonly=True)
    date = fields.Datetime("Date of the Order", readonly=True)
    days = fields.Float(
        "Days Before the Order", readonly=True, aggregator="avg", help="Empty without a touch."
    )
    position = fields.Integer(
        "Touch Number", readonly=True, aggregator=None, help="1 is the first before the order."
    )
    touches = fields.Integer("Touches of the Order", readonly=True, aggregator=None)
    kind_of_customer = fields.Selection(
        [("new", "New"), ("reactivated", "Reactivated"), ("repeat", "Repeat")],
        "Customer at the Time",
        readonly=True,
        help="New: the first purchase. Reactivated: the one before was so long ago that the "
        "customer was lost, three times its expected interval.",
    )
    expected_anyway = fields.Boolean(
        readonly=True,
        help="A repeat order within the customer's usual interval: three in four of its gaps "
        "between purchases are no longer. Known from three gaps on.",
    )
    # Adding a model to the registry adds its column.
    for _code, _label in PATH_MODELS:
        vars()[f"weight_{_code}"] = fields.Float(_label, readonly=True, aggregator="sum")
    del _code, _label

    _document_touch_unique = models.UniqueIndex(
        "(COALESCE(order_id, 0), COALESCE(move_id, 0), COALESCE(history_key, ''),"
        " COALESCE(touchpoint_id, 0))",
        "This touch has its share of this order already.",
    )
    _one_document = models.Constraint(
        "CHECK (num_nonnulls(order_id, move_id, history_key) = 1)",
        "Credit is for an order, an invoice without one, or a document of the history.",
    )
