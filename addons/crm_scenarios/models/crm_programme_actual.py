"""Plan against actual, as rows: what was planned, is committed, was booked."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.books import BOOKS, sees_books
from odoo.tools import SQL

from .crm_programme_cash import KINDS as PLAN_KINDS

BOOKED_KINDS = [
    ("draft", "Draft bills"),
    ("order", "Purchase orders"),
    ("bill", "Vendor bills"),
    ("refund", "Refunds of vendors"),
    ("entry", "Other entries"),
    ("hours", "Hours"),
    ("manual", "Entered by hand"),
]
SUMS = ("planned_hours", "planned", "committed", "actual_hours", "actual")


class CrmProgrammeActual(models.Model):
    """A row per programme, phase (or none), vendor (or one's own people) and kind.

    Users who may not see the books get the rows of the plan alone: not even that there is
    something else. The statements: ``crm_programme_actual_parts.py``.
    """

    _name = "crm.programme.actual"
    _description = "Plan and Actual of a Programme"
    _auto = False
    _order = "programme_id, phase_id, vendor_id, id"
    _depends = {
        "crm.programme": ["account_id", "company_id", "is_template", "partner_id"],
        "crm.programme.phase": ["account_id", "programme_id"],
        "crm.programme.step": [
            "programme_id", "phase_id", "vendor_id", "planned_hours", "planned_work",
        ],
        "crm.programme.cost": ["step_id", "kind", "period", "vendor_id", "planned_amount"],
    }  # fmt: skip

    programme_id = fields.Many2one("crm.programme", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    phase_id = fields.Many2one("crm.programme.phase", readonly=True)
    vendor_id = fields.Many2one("res.partner", readonly=True, help="Empty: one's own people.")
    kind = fields.Selection([*PLAN_KINDS, *BOOKED_KINDS], readonly=True)
    planned_hours = fields.Float(readonly=True)
    planned = fields.Monetary(readonly=True, help="As it stood at the start.")
    committed = fields.Monetary(
        readonly=True, groups=BOOKS,
        help="Draft bills, and what is ordered and not yet on a bill.",
    )  # fmt: skip
    actual_hours = fields.Float(readonly=True, groups=BOOKS)
    actual = fields.Monetary(
        readonly=True, groups=BOOKS, help="Booked on the analytic accounts of the programme."
    )
    remaining = fields.Monetary(
        "Left of the Plan", readonly=True, groups=BOOKS,
        help="Planned, without what is booked and committed.",
    )  # fmt: skip

    @property
    def _table_query(self):
        """Rows of all programmes; the rules leave those one may see."""
        parts = [*self._planned_parts()]
        if sees_books(self.env):
            parts += self._booked_parts()
        return SQL(
            """
            WITH own AS MATERIALIZED (%(own)s)
            SELECT ROW_NUMBER() OVER (ORDER BY x.programme_id, x.phase_id, x.vendor_id, x.kind)
                       AS id,
                   x.programme_id, p.company_id, c.currency_id, x.phase_id, x.vendor_id, x.kind,
                   %(sums)s, SUM(x.planned - x.committed - x.actual) AS remaining
            FROM (%(parts)s) x
            JOIN crm_programme p ON p.id = x.programme_id AND p.is_template IS NOT TRUE
            JOIN res_company c ON c.id = p.company_id
            GROUP BY x.programme_id, p.company_id, c.currency_id, x.phase_id, x.vendor_id, x.kind
            HAVING %(some)s
            """,
            own=self._accounts_sql(),
            sums=SQL(", ").join(
                SQL("SUM(%(n)s) AS %(n)s", n=SQL.identifier(name)) for name in SUMS
            ),
            parts=SQL(" UNION ALL ").join(parts),
            some=SQL(" OR ").join(SQL("SUM(%s) <> 0", SQL.identifier(name)) for name in SUMS),
        )

    @api.model
    def _by_phase(self, programmes):
        """Sums of programmes by phase; hours are those of one's own people.

        Hours of vendors are on their bills as money: set against their plan they would always
        be missing.

        :param programmes: crm.programme records
        :return: {(programme id, phase id or False): {name of ``SUMS``: number}}
        """
        # sudo: who may read what becomes of it, the fields' groups say
        rows = self.sudo()._read_group(
            [("programme_id", "in", programmes.ids)],
            ["programme_id", "phase_id", "vendor_id"],
            [f"{name}:sum" for name in SUMS],
        )
        found = {}
        for programme, phase, vendor, *numbers in rows:
            sums = found.setdefault((programme.id, phase.id), dict.fromkeys(SUMS, 0.0))
            for name, number in zip(SUMS, numbers, strict=True):
                if not (vendor and name.endswith("hours")):
                    sums[name] += number or 0.0
        return found
