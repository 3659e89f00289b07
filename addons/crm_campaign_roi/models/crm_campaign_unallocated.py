"""Marketing cost that no campaign has, line by line, to be assigned."""

from odoo import api, fields, models
from odoo.tools import SQL

from .roi_sql import in_one_currency

_KEYS = ["id", "company_id", "move_id", "partner_id", "account_id", "product_id", "day"]


class CrmCampaignUnallocated(models.Model):
    """A posted expense line on a chosen account, of a chosen vendor or product, without a campaign.

    The id is that of the journal item. A line part of which a campaign has counts with the
    rest. Where the file of a platform counts, its vendor's lines of the month do not.
    """

    _name = "crm.campaign.unallocated"
    _description = "Unallocated Marketing Cost"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "line_id"

    line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True)
    move_id = fields.Many2one("account.move", "Entry", readonly=True)
    partner_id = fields.Many2one("res.partner", "Vendor", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT u.id, u.id AS line_id, u.company_id, %(currency)s::int AS currency_id,
                   u.day AS date, u.move_id, u.partner_id, u.account_id, u.product_id, u.amount
            FROM (%(lines)s) u WHERE u.amount <> 0
            """,
            currency=self.env.company.currency_id.id,
            lines=self._unallocated_sql(self.env.companies),
        )

    @api.model
    def _unallocated_sql(self, companies):
        """SELECT of ``_KEYS`` and ``amount``, in the current company's currency.

        :param companies: res.company records
        :return: SQL
        """
        self.env["crm.campaign.cost"]._flush_cost()
        parts = SQL(" UNION ALL ").join(self._company_sql(one) for one in companies)
        return in_one_currency(self.env, parts, companies, _KEYS, ["amount"])

    def _company_sql(self, company):
        settings = company.sudo()  # sudo: settings that decide what is shown
        vendors = settings.crm_roi_unallocated_partner_ids.commercial_partner_id
        covered = self.env["crm.campaign.cost"]._covered_by_file_sql(
            SQL("p.commercial_partner_id"), SQL("l")
        )
        return SQL(
            """
            SELECT l.id, l.company_id, l.move_id, p.commercial_partner_id AS partner_id,
                   l.account_id, l.product_id, l.date AS day,
                   ROUND(l.balance * (1 - COALESCE(s.share, 0)), %(digits)s) AS amount
            FROM account_move_line l
            JOIN account_account a ON a.id = l.account_id AND a.account_type LIKE 'expense%%'
            LEFT JOIN res_partner p ON p.id = l.partner_id
            LEFT JOIN LATERAL (
                SELECT SUM(d.percent::numeric) / 100 AS share
                FROM jsonb_each_text(CASE jsonb_typeof(l.analytic_distribution)
                    WHEN 'object' THEN l.analytic_distribution END) d (accounts, percent)
                WHERE EXISTS (SELECT FROM utm_campaign c WHERE c.crm_analytic_account_id::text
                              = ANY(string_to_array(d.accounts, ',')))
            ) s ON TRUE
            WHERE l.company_id = %(company)s AND l.parent_state = 'posted'
              AND (l.account_id = ANY(%(accounts)s) OR p.commercial_partner_id = ANY(%(vendors)s)
                   OR l.product_id = ANY(%(products)s))
              AND NOT %(covered)s
            """,
            digits=company.currency_id.decimal_places,
            company=company.id,
            accounts=settings.crm_roi_unallocated_account_ids.ids,
            vendors=vendors.ids,
            products=settings.crm_roi_unallocated_product_ids.ids,
            covered=covered,
        )

    def action_assign(self):
        """Choose the campaign of the lines, and whether it goes for those to come."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign to a Campaign"),
            "res_model": "crm.campaign.unallocated.assign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": [fields.Command.set(self.ids)]},
        }
