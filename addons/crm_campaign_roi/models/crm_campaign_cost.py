"""What campaigns cost, entry by entry, from the books."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .roi_sql import columns, in_one_currency

#: what a row of cost is of; ``kind``: bill, refund, entry, hours, manual, file
COST_KEYS = ["company_id", "campaign_id", "day", "kind", "partner_id", "line_id", "spend_id"]


class CrmCampaignCost(models.AbstractModel):
    """Cost of campaigns: analytic lines of their accounts, and the spend of files.

    An analytic line counts if its account of the books is an expense account; one without an
    account counts if the company says so, hours of timesheets always. It counts on its
    accounting date, in the currency of its company. The host keeps these lines in step with
    the entries: none of drafts, none of tax that is got back, percents of a distribution.
    """

    _name = "crm.campaign.cost"
    _description = "Cost of Campaigns"

    @api.model
    def _cost_sql(self, companies):
        """SELECT of ``COST_KEYS`` and ``amount``, in the current company's currency.

        Flush first (:meth:`_flush_cost`). Costs are positive, refunds negative.

        :param companies: res.company records
        :return: SQL
        """
        names = columns([*COST_KEYS, "amount"])
        parts = [*self._analytic_parts(companies), *self._file_parts(companies)]
        select = SQL(" UNION ALL ").join(SQL("SELECT %s FROM (%s) x", names, one) for one in parts)
        return in_one_currency(self.env, select, companies, COST_KEYS, ["amount"])

    def _flush_cost(self):
        """Write what the statement reads."""
        for model in (
            "account.analytic.line", "account.move.line", "account.move", "account.account",
            "utm.campaign", "res.company", "crm.campaign.spend", "crm.campaign.spend.choice",
            "crm.campaign.platform", "res.partner",
        ):  # fmt: skip
            self.env[model].flush_model()

    def _analytic_parts(self, companies):
        """A SELECT per plan: each plan has its own column on the analytic lines."""
        parts = [self._analytic_sql(companies, name) for name in self._plan_columns()]
        return parts or [self._nothing_sql()]

    def _plan_columns(self):
        """Columns of the plans on which campaigns have their accounts."""
        campaigns = self.env["utm.campaign"].sudo().with_context(active_test=False)
        # sudo: accounting keeps the plans, which only say in which column to look
        accounts = campaigns.search([("crm_analytic_account_id", "!=", False)])
        plans = accounts.crm_analytic_account_id.plan_id.root_id
        return sorted({plan._column_name() for plan in plans})

    def _nothing_sql(self):
        return SQL(
            """
            SELECT NULL::int AS company_id, NULL::int AS campaign_id, NULL::date AS day,
                   NULL::text AS kind, NULL::int AS partner_id, NULL::int AS line_id,
                   NULL::int AS spend_id, NULL::numeric AS amount WHERE FALSE
            """
        )

    def _analytic_sql(self, companies, plan_column):
        return SQL(
            """
            SELECT l.company_id, c.id AS campaign_id, l.date AS day, %(kind)s AS kind,
                   p.commercial_partner_id AS partner_id, l.id AS line_id, NULL::int AS spend_id,
                   -l.amount AS amount
            FROM account_analytic_line l
            JOIN utm_campaign c ON c.crm_analytic_account_id = l.%(column)s
            JOIN res_company o ON o.id = l.company_id
            LEFT JOIN account_account a ON a.id = l.general_account_id
            LEFT JOIN account_move_line ml ON ml.id = l.move_line_id
            LEFT JOIN account_move m ON m.id = ml.move_id
            LEFT JOIN res_partner p ON p.id = COALESCE(l.partner_id, m.partner_id)
            WHERE l.company_id = ANY(%(companies)s) AND %(counts)s AND NOT %(settled)s
            """,
            kind=self._kind_sql(),
            column=SQL.identifier(plan_column),
            companies=companies.ids,
            counts=self._counts_sql(),
            settled=self._covered_by_file_sql(SQL("p.commercial_partner_id"), SQL("l")),
        )

    def _hours_sql(self):
        """Whether a line is of a timesheet; none is where timesheets are not installed."""
        known = "project_id" in self.env["account.analytic.line"]._fields
        return SQL("l.project_id IS NOT NULL") if known else SQL("FALSE")

    def _counts_sql(self):
        """Whether an analytic line is cost."""
        return SQL(
            "(a.account_type LIKE 'expense%%'"
            " OR a.id IS NULL AND (o.crm_roi_lines_without_account OR %s))",
            self._hours_sql(),
        )

    def _kind_sql(self):
        return SQL(
            """
            CASE WHEN m.move_type IN ('in_invoice', 'in_receipt') THEN 'bill'
                 WHEN m.move_type = 'in_refund' THEN 'refund'
                 WHEN m.id IS NOT NULL THEN 'entry'
                 WHEN %s THEN 'hours' ELSE 'manual' END
            """,
            self._hours_sql(),
        )

    @api.model
    def _line_domain(self, campaigns, companies):
        """The same analytic lines as a domain, to open them.

        :param campaigns: utm.campaign records
        :param companies: res.company records
        :return: Domain
        """
        self._flush_cost()
        rows = self.env.execute_query(
            SQL(
                "SELECT line_id FROM (%s) x WHERE campaign_id = ANY(%s) AND line_id IS NOT NULL",
                self._cost_sql(companies),
                campaigns.ids,
            )
        )
        return Domain("id", "in", [line_id for (line_id,) in rows])
