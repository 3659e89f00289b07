"""Platforms and months where a file and bills tell of the same money."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.books import BOOKS
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .roi_sql import in_one_currency
from .utm_campaign import FIGURES


class CrmCampaignSpendOverlap(models.Model):
    """A month of a platform for which there is spend from files, and bills of its vendor.

    Bills are posted expense lines of the vendor in the month, on a campaign or not. Until
    somebody chooses, both count.
    """

    _name = "crm.campaign.spend.overlap"
    _description = "Bill and File of the Same Month"
    _auto = False
    _order = "month desc, platform_id"
    _rec_name = "platform_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    platform_id = fields.Many2one("crm.campaign.platform", readonly=True)
    month = fields.Date(readonly=True)
    file_amount = fields.Monetary("Reported", readonly=True, groups=FIGURES)
    bill_amount = fields.Monetary("Billed", readonly=True, groups=FIGURES)
    choice = fields.Selection([("bill", "The bill"), ("file", "The file")], "Counts", readonly=True)

    @property
    def _table_query(self):
        costs = self.env["crm.campaign.cost"]
        costs._flush_cost()
        parts = SQL(" UNION ALL ").join(
            SQL("SELECT x.*, NULL::numeric AS billed FROM (%s) x", costs._file_sql(one, False))
            for one in self.env.companies
        )
        names = ["company_id", "spend_id", "day"]
        select = in_one_currency(self.env, parts, self.env.companies, names, ["amount"])
        return SQL(
            """
            SELECT f.company_id * 1000000000::bigint + f.platform_id * 100000
                       + EXTRACT(YEAR FROM f.month)::int * 12 + EXTRACT(MONTH FROM f.month)::int
                       AS id,
                   f.company_id, %(currency)s::int AS currency_id, f.platform_id, f.month,
                   f.amount AS file_amount, b.amount AS bill_amount, h.choice
            FROM (
                SELECT x.company_id, s.platform_id, date_trunc('month', x.day)::date AS month,
                       SUM(x.amount) AS amount
                FROM (%(files)s) x JOIN crm_campaign_spend s ON s.id = x.spend_id GROUP BY 1, 2, 3
            ) f
            JOIN (%(bills)s) b USING (company_id, platform_id, month)
            LEFT JOIN crm_campaign_spend_choice h USING (company_id, platform_id, month)
            """,
            currency=self.env.company.currency_id.id,
            files=select,
            bills=self._bills_sql(),
        )

    def _bills_sql(self):
        lines = SQL(
            """
            SELECT l.company_id, f.id AS platform_id, l.date AS day, l.balance AS amount
            FROM crm_campaign_platform f
            JOIN res_partner v ON v.id = f.partner_id
            JOIN res_partner p ON p.commercial_partner_id = v.commercial_partner_id
            JOIN account_move m ON m.partner_id = p.id AND m.state = 'posted'
             AND m.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
            JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
            JOIN account_account a ON a.id = l.account_id AND a.account_type LIKE 'expense%%'
            WHERE m.company_id = ANY(%s)
            """,
            self.env.companies.ids,
        )
        names = ["company_id", "platform_id", "day"]
        return SQL(
            """
            SELECT company_id, platform_id, date_trunc('month', day)::date AS month,
                   SUM(amount) AS amount
            FROM (%s) x GROUP BY 1, 2, 3
            """,
            in_one_currency(self.env, lines, self.env.companies, names, ["amount"]),
        )

    @api.model
    def _open_of(self, campaigns):
        """Months with spend of the campaigns that nobody has settled."""
        # sudo: that something counts twice is told to whoever sees the total
        spend = self.env["crm.campaign.spend"].sudo()
        rows = spend._read_group(
            [("campaign_id", "in", campaigns.ids), ("company_id", "in", self.env.companies.ids)],
            ["company_id", "platform_id", "date:month"],
        )
        keys = {(company.id, platform.id, month) for company, platform, month in rows}
        if not keys:
            return self
        found = self.sudo().search(
            [("choice", "=", False), ("platform_id", "in", [one for _c, one, _m in keys])]
        )
        return found.filtered(
            lambda one: (one.company_id.id, one.platform_id.id, one.month) in keys
        )

    def action_count_bill(self):
        """The bills count, the file is left out."""
        self._choose("bill")

    def action_count_file(self):
        """The file counts, the bills of the vendor in the month are left out."""
        self._choose("file")

    def action_undo(self):
        """Open the question again: both count."""
        self._choose(False)

    def _choose(self, choice):
        if not self.env.user.has_groups(f"crm_campaign_roi.group_roi_manager,{BOOKS}"):
            raise AccessError(self.env._("Ask accounting which of them counts."))
        self.check_access("read")
        # sudo: the rows are written here only, by whoever may decide
        Choice = self.env["crm.campaign.spend.choice"].sudo()
        for one in self:
            key = {
                "company_id": one.company_id.id,
                "platform_id": one.platform_id.id,
                "month": one.month,
            }
            Choice.search([(name, "=", value) for name, value in key.items()]).unlink()
            if choice:
                Choice.create({**key, "choice": choice})
        self.invalidate_model()
