"""Path explorer: which touches orders came by, in which sequence, and how long it took."""

from odoo import fields, models
from odoo.tools import SQL

from ..models.crm_campaign_credit import DOCUMENTS

#: what a path is told by → its model and the field with its name
BY = {
    "campaign": ("campaign_id", "utm.campaign", "title"),
    "medium": ("medium_id", "utm.medium", "name"),
    "source": ("source_id", "utm.source", "name"),
}
#: longest delay in days → code
DELAYS = ((1, "day"), (7, "week"), (30, "month"), (90, "quarter"))


class CrmCampaignPath(models.Model):
    """An order per row, with the path that led to it.

    The path is told by campaigns; by media or sources with the context key ``path_by``. A touch
    without one is direct.
    """

    _name = "crm.campaign.path"
    _description = "Path to an Order"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "path"

    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, groups=DOCUMENTS)
    order_id = fields.Many2one("sale.order", readonly=True, groups=DOCUMENTS)
    move_id = fields.Many2one("account.move", "Invoice", readonly=True, groups=DOCUMENTS)
    date = fields.Datetime("Date of the Order", readonly=True)
    path = fields.Char(readonly=True, help="From the first touch to the last.")
    orders = fields.Integer(readonly=True)
    touches = fields.Integer("Length", readonly=True, aggregator="avg", help="Number of touches.")
    length = fields.Selection(  # pylint: disable=attribute-deprecated
        [("1", "1 touch"), ("2", "2 touches"), ("3", "3 touches"), ("4", "4 touches"),
         ("5", "5 touches or more")],
        "Length of the Path", readonly=True,
    )  # fmt: skip
    days = fields.Float(
        "Days to the Order", readonly=True, aggregator="avg", help="From the first touch."
    )
    delay = fields.Selection(
        [("day", "Within a day"), ("week", "2 to 7 days"), ("month", "8 to 30 days"),
         ("quarter", "31 to 90 days"), ("longer", "Longer")],
        "From First Touch to Order", readonly=True,
    )  # fmt: skip
    kind_of_customer = fields.Selection(
        [("new", "New"), ("reactivated", "Reactivated"), ("repeat", "Repeat")],
        "Customer at the Time",
        readonly=True,
    )
    expected_anyway = fields.Boolean(readonly=True)

    _depends = {
        "crm.campaign.credit": [
            "company_id", "partner_id", "order_id", "move_id", "history_key", "touchpoint_id",
            "campaign_id", "medium_id", "source_id", "date", "days", "position", "touches",
            "kind_of_customer", "expected_anyway",
        ],
        "utm.campaign": ["title"], "utm.medium": ["name"], "utm.source": ["name"],
    }  # fmt: skip

    @property
    def _table_query(self):
        column, model, name = BY[self.env.context.get("path_by") or "campaign"]
        Target = self.env[model]
        delay = SQL(" ").join(
            SQL("WHEN MAX(c.days) <= %s THEN %s", most, code) for most, code in DELAYS
        )
        return SQL(
            """
            SELECT MIN(c.id) AS id, c.company_id, c.partner_id, c.order_id, c.move_id, c.date,
                   STRING_AGG(COALESCE(%(name)s, %(direct)s), ' → ' ORDER BY c.position) AS path,
                   1 AS orders, MAX(c.touches) AS touches,
                   LEAST(MAX(c.touches), 5)::varchar AS length, MAX(c.days) AS days,
                   CASE %(delay)s ELSE 'longer' END AS delay,
                   c.kind_of_customer, c.expected_anyway
            FROM crm_campaign_credit c LEFT JOIN %(table)s u ON u.id = c.%(column)s
            WHERE c.touchpoint_id IS NOT NULL
            GROUP BY c.company_id, c.partner_id, c.order_id, c.move_id, c.history_key, c.date,
                     c.kind_of_customer, c.expected_anyway
            """,
            name=Target._field_to_sql("u", name),
            direct=self.env._("Direct"),
            delay=delay,
            table=SQL.identifier(Target._table),
            column=SQL.identifier(column),
        )
