"""Payments of programmes by month, vendor, phase and kind: what the plan stores, as rows."""

from odoo import fields, models
from odoo.tools import SQL

from .crm_programme_cost import KINDS as COST_KINDS

KINDS = [("work", "Work"), *COST_KINDS, ("running", "Running cost")]


class CrmProgrammeCash(models.Model):
    _name = "crm.programme.cash"
    _description = "Payment of a Programme"
    _auto = False
    _order = "day, id"
    _depends = {"crm.programme": ["payments", "company_id", "active", "is_template"]}

    programme_id = fields.Many2one("crm.programme", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="programme_id.currency_id")
    day = fields.Date(readonly=True)
    name = fields.Char("Payment", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    vendor_id = fields.Many2one("res.partner", readonly=True)
    phase_id = fields.Many2one("crm.programme.phase", readonly=True)
    step_id = fields.Many2one("crm.programme.step", readonly=True)
    amount = fields.Float(readonly=True, help="In the currency of the programme's company.")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT p.id * 100000 + x.place AS id, p.id AS programme_id, p.company_id,
                   (x.row ->> 'day')::date AS day, x.row ->> 'name' AS name,
                   x.row ->> 'kind' AS kind, v.id AS vendor_id, f.id AS phase_id,
                   s.id AS step_id, (x.row ->> 'amount')::float8 AS amount
            FROM crm_programme p
            CROSS JOIN LATERAL jsonb_array_elements(
                CASE jsonb_typeof(p.payments) WHEN 'array' THEN p.payments END
            ) WITH ORDINALITY x (row, place)
            LEFT JOIN res_partner v ON v.id = (x.row ->> 'vendor')::int
            LEFT JOIN crm_programme_phase f ON f.id = (x.row ->> 'phase')::int
            LEFT JOIN crm_programme_step s ON s.id = (x.row ->> 'step')::int
            """
        )
