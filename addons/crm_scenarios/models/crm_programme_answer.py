"""Who answers for what: steps, purchases, sides of interfaces and duties, as rows."""

from odoo import fields, models
from odoo.tools import SQL

KINDS = [
    ("step", "Step"),
    ("cost", "Purchase"),
    ("running", "Running cost"),
    ("source", "Interface, where it comes from"),
    ("target", "Interface, where it goes to"),
    ("duty", "Duty afterwards"),
]
#: kind → model of what is answered for
MODELS = {
    "step": "crm.programme.step", "cost": "crm.programme.cost", "running": "crm.programme.cost",
    "source": "crm.programme.interface", "target": "crm.programme.interface",
    "duty": "crm.programme.duty",
}  # fmt: skip
_NOTHING = SQL("NULL::int, NULL::int, NULL::date, NULL::date, 0, 0")


class CrmProgrammeAnswer(models.Model):
    """One row per thing and side; a vendor is the company, whichever contact is entered.

    What is struck out has nobody who answers for it. A side of an interface without a vendor,
    and duties after the change, are one's own.
    """

    _name = "crm.programme.answer"
    _description = "Responsibility in a Programme"
    _auto = False
    _order = "programme_id, vendor_id, date_start, id"
    _depends = {
        "crm.programme": ["company_id", "resource_calendar_id"],
        "crm.programme.step": [
            "programme_id", "phase_id", "vendor_id", "name", "user_id", "role_id", "date_start",
            "date_end", "work_cost", "struck_out",
        ],
        "crm.programme.cost": [
            "step_id", "vendor_id", "name", "kind", "period", "amount", "struck_out",
        ],
        "crm.programme.interface": [
            "programme_id", "name", "source_id", "target_id", "source_vendor_id",
            "target_vendor_id", "user_id",
        ],
        "crm.programme.duty": ["programme_id", "duty", "role_id", "date_from"],
    }  # fmt: skip

    programme_id = fields.Many2one("crm.programme", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    vendor_id = fields.Many2one("res.partner", readonly=True, help="Empty: one's own people.")
    kind = fields.Selection(KINDS, "What", readonly=True)
    name = fields.Char("Answers For", translate=True, readonly=True)
    phase_id = fields.Many2one("crm.programme.phase", readonly=True)
    source_id = fields.Many2one("crm.programme.system", "From System", readonly=True)
    target_id = fields.Many2one("crm.programme.system", "To System", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    role_id = fields.Many2one("crm.programme.role", readonly=True)
    date_start = fields.Date("Begins", readonly=True)
    date_end = fields.Date("Ends", readonly=True)
    amount = fields.Monetary("Paid Once", readonly=True)
    amount_year = fields.Monetary("A Year", readonly=True)

    @property
    def _table_query(self):
        """Rows of all programmes; the rules leave those one may see."""
        return SQL(
            """
            SELECT x.id, x.programme_id, p.company_id, c.currency_id,
                   v.commercial_partner_id AS vendor_id, x.kind, x.name, x.phase_id, x.source_id,
                   x.target_id, x.user_id, x.role_id, x.date_start, x.date_end,
                   x.amount, x.amount_year
            FROM (%(parts)s) x (id, programme_id, vendor_id, kind, name, source_id, target_id,
                user_id, role_id, phase_id, date_start, date_end, amount, amount_year)
            JOIN crm_programme p ON p.id = x.programme_id
            LEFT JOIN res_company c ON c.id = p.company_id
            LEFT JOIN res_partner v ON v.id = x.vendor_id
            """,
            parts=SQL(" UNION ALL ").join(
                [self._step_part(), self._cost_part(), self._duty_part(),
                 self._side_part("source", 2), self._side_part("target", 3)]
            ),
        )  # fmt: skip

    def _step_part(self):
        return SQL(
            """
            SELECT s.id::bigint * 8, s.programme_id, s.vendor_id, 'step', s.name, NULL::int,
                   NULL::int, s.user_id, s.role_id, s.phase_id, %(first)s, %(last)s,
                   s.work_cost::numeric, 0::numeric
            FROM crm_programme_step s JOIN crm_programme p ON p.id = s.programme_id
            LEFT JOIN resource_calendar k ON k.id = p.resource_calendar_id
            WHERE s.struck_out IS NOT TRUE
            """,
            first=_day(SQL("s.date_start")),
            last=_day(SQL("GREATEST(s.date_end - interval '1 minute', s.date_start)")),
        )

    def _cost_part(self):
        """What is paid once is there when its step ends; what is paid again begins then."""
        return SQL(
            """
            SELECT o.id::bigint * 8 + 1, s.programme_id, o.vendor_id,
                   CASE WHEN o.period = 'once' THEN 'cost' ELSE 'running' END, o.name, NULL, NULL,
                   s.user_id, s.role_id, s.phase_id, %(day)s,
                   CASE WHEN o.period = 'once' THEN %(day)s END,
                   CASE WHEN o.period = 'once' THEN o.amount::numeric ELSE 0 END,
                   CASE o.period WHEN 'month' THEN 12 * o.amount::numeric
                                 WHEN 'year' THEN o.amount::numeric ELSE 0 END
            FROM crm_programme_cost o JOIN crm_programme_step s ON s.id = o.step_id
            JOIN crm_programme p ON p.id = s.programme_id
            LEFT JOIN resource_calendar k ON k.id = p.resource_calendar_id
            WHERE o.struck_out IS NOT TRUE AND s.struck_out IS NOT TRUE
            """,
            day=_day(SQL("GREATEST(s.date_end - interval '1 minute', s.date_start)")),
        )

    def _side_part(self, side, place):
        """One side of each interface, with whoever answers for both."""
        return SQL(
            """
            SELECT i.id::bigint * 8 + %(place)s, i.programme_id, i.%(vendor)s, %(side)s, i.name,
                   i.source_id, i.target_id, i.user_id, %(nothing)s
            FROM crm_programme_interface i
            """,
            place=place,
            side=side,
            vendor=SQL.identifier(f"{side}_vendor_id"),
            nothing=_NOTHING,
        )

    def _duty_part(self):
        return SQL(
            """
            SELECT d.id::bigint * 8 + 4, d.programme_id, NULL, 'duty', d.duty, NULL, NULL, NULL,
                   d.role_id, NULL, d.date_from, NULL, 0, 0
            FROM crm_programme_duty d
            """
        )

    def action_open(self):
        """Open what is answered for.

        :return: action
        :raises AccessError: for users who may not read the programme
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "name": self.name, "res_model": MODELS[self.kind],
            "res_id": self.id // 8, "views": [(False, "form")], "target": "new",
        }  # fmt: skip


def _day(moment):
    """The date of a moment where the working calendar (``k``) is."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(k.tz, 'UTC'))::date", moment)
