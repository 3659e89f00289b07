"""The statements behind plan against actual: one SELECT per source."""

from odoo import models
from odoo.addons.crm_segments.models.analytic_committed import committed_sql, flush_committed
from odoo.tools import SQL

#: accounts of the books whose lines are cost of a programme: what is bought counts when it is
#: bought, also what the books write off later; its depreciation would count it again
COST = SQL(
    "(a.account_type LIKE 'expense%%' AND a.account_type <> 'expense_depreciation'"
    " OR a.account_type IN ('asset_fixed', 'asset_non_current', 'asset_prepayments'))"
)


class CrmProgrammeActual(models.Model):
    """Columns of each part: programme_id, phase_id, vendor_id, kind, and ``SUMS``."""

    _inherit = "crm.programme.actual"  # pylint: disable=consider-merging-classes-inherited

    def _accounts_sql(self):
        """Analytic accounts with whose they are; lines on that of the programme have no phase."""
        return SQL(
            """
            SELECT x.account_id, x.programme_id, x.phase_id, c.parent_path,
                   k.commercial_partner_id AS customer_id
            FROM (
                SELECT account_id, id AS programme_id, NULL::int AS phase_id FROM crm_programme
                UNION ALL
                SELECT account_id, programme_id, id FROM crm_programme_phase
            ) x
            JOIN crm_programme p ON p.id = x.programme_id
            JOIN res_company c ON c.id = p.company_id
            LEFT JOIN res_partner k ON k.id = p.partner_id
            WHERE x.account_id IS NOT NULL
            """
        )

    def _planned_parts(self):
        """What was kept at the start, by the vendor of the step or purchase."""
        work = SQL(
            """
            SELECT s.programme_id, s.phase_id, v.commercial_partner_id AS vendor_id,
                   'work' AS kind, s.planned_hours::numeric AS planned_hours,
                   s.planned_work::numeric AS planned, 0::numeric AS committed,
                   0::numeric AS actual_hours, 0::numeric AS actual
            FROM crm_programme_step s LEFT JOIN res_partner v ON v.id = s.vendor_id
            WHERE s.planned_hours <> 0 OR s.planned_work <> 0
            """
        )
        purchases = SQL(
            """
            SELECT s.programme_id, s.phase_id, v.commercial_partner_id,
                   CASE WHEN o.period = 'once' THEN o.kind ELSE 'running' END,
                   0, o.planned_amount::numeric, 0, 0, 0
            FROM crm_programme_cost o JOIN crm_programme_step s ON s.id = o.step_id
            LEFT JOIN res_partner v ON v.id = o.vendor_id
            WHERE o.planned_amount <> 0
            """
        )
        return [work, purchases]

    def _booked_parts(self):
        flush_committed(self.env)
        for model in ("account.analytic.line", "uom.uom", "res.company"):
            self.env[model].flush_model()
        return [self._committed_part(), self._actual_part()]

    def _committed_part(self):
        """Draft bills and orders of the programme's company and its branches."""
        owners = SQL("SELECT account_id AS owner_id, account_id FROM own")
        # sudo: accounts belong to a company; which rows one sees, the rules say
        companies = self.env["res.company"].sudo().search([])
        return SQL(
            """
            SELECT own.programme_id, own.phase_id, x.partner_id,
                   CASE x.kind WHEN 'bill' THEN 'draft' ELSE 'order' END,
                   0, 0, x.amount::numeric, 0, 0
            FROM (%s) x JOIN own ON own.account_id = x.owner_id
            JOIN res_company b ON b.id = x.company_id
            WHERE b.parent_path LIKE own.parent_path || '%%'
            """,
            committed_sql(self.env, owners, companies, COST),
        )

    def _actual_part(self):
        """Analytic lines on the accounts, whichever plan they are on; a line counts once."""
        # sudo: the names of the columns, a plan each
        names = self.env["account.analytic.line"].sudo()._get_plan_fnames()
        found = SQL(" UNION ALL ").join(
            SQL(
                "SELECT l.id, own.* FROM account_analytic_line l JOIN own ON own.account_id = l.%s",
                SQL.identifier(name),
            )
            for name in names
        )
        return SQL(
            """
            SELECT n.programme_id, n.phase_id, %(vendor)s, %(kind)s, 0, 0, 0,
                   %(hours)s::numeric, -l.amount::numeric
            FROM (SELECT DISTINCT ON (x.id) * FROM (%(found)s) x
                  ORDER BY x.id, x.phase_id NULLS LAST) n
            JOIN account_analytic_line l ON l.id = n.id
            JOIN res_company b ON b.id = l.company_id
            LEFT JOIN account_account a ON a.id = l.general_account_id
            LEFT JOIN account_move_line i ON i.id = l.move_line_id
            LEFT JOIN account_move m ON m.id = i.move_id
            LEFT JOIN res_partner v ON v.id = COALESCE(m.partner_id, l.partner_id)
            LEFT JOIN uom_uom u ON u.id = l.product_uom_id
            WHERE b.parent_path LIKE n.parent_path || '%%' AND (a.id IS NULL OR %(cost)s)
            """,
            vendor=self._vendor_sql(),
            kind=self._kind_sql(),
            hours=self._hours_sql(),
            found=found,
            cost=COST,
        )

    def _vendor_sql(self):
        """Who gets the money; on timesheets the host writes the customer."""
        own = SQL("FALSE")
        if "project_id" in self.env["account.analytic.line"]._fields:
            own = SQL("l.project_id IS NOT NULL")
        return SQL(
            "CASE WHEN l.move_line_id IS NULL AND %s THEN NULL"
            " ELSE NULLIF(v.commercial_partner_id, n.customer_id) END",
            own,
        )

    def _hours_sql(self):
        """Hours of a line that isn't of the books: bills count pieces.

        A quantity without unit and product is of hours: the host's form hides units unless
        they are switched on.
        """
        # sudo: a unit of the host's data, whoever may see units
        hour = self.env.ref("uom.product_uom_hour", raise_if_not_found=False)
        factor, root = 1.0, ""
        if hour:
            factor, root = hour.sudo().factor, hour.sudo().parent_path.split("/")[0]
        return SQL(
            """
            CASE WHEN l.move_line_id IS NOT NULL THEN 0
                 WHEN u.id IS NULL AND l.product_id IS NULL THEN l.unit_amount
                 WHEN split_part(u.parent_path, '/', 1) = %(root)s
                     THEN l.unit_amount * u.factor::float8 / %(factor)s
                 ELSE 0 END
            """,
            root=root,
            factor=factor,
        )

    def _kind_sql(self):
        return SQL(
            """
            CASE WHEN m.move_type IN ('in_invoice', 'in_receipt') THEN 'bill'
                 WHEN m.move_type = 'in_refund' THEN 'refund'
                 WHEN m.id IS NOT NULL THEN 'entry'
                 WHEN %s <> 0 THEN 'hours' ELSE 'manual' END
            """,
            self._hours_sql(),
        )
