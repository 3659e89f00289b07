"""Ledger of advice: what was shown in 'Today', taken or refused, and why."""

from odoo import api, fields, models
from odoo.tools import SQL

SOURCES = [
    ("activity", "Activity"),
    ("scenario", "Step of a scenario"),
    ("meeting", "Meeting"),
    ("message", "Unanswered message"),
    ("due", "Purchase is due"),
    ("deal", "Deal is held up"),
    ("call", "Telephone call"),
    ("service", "Service is due"),
]
OUTCOMES = [
    ("reached", "Reached"),
    ("no_answer", "No answer"),
    ("order", "Order"),
    ("not_interested", "Not interested"),
]
REASONS = [
    ("price", "Too expensive"),
    ("elsewhere", "Buys elsewhere"),
    ("no_need", "No need"),
    ("timing", "Wrong time"),
    ("wrong", "Advice does not fit"),
    ("other", "Other"),
]


class CrmAdvice(models.Model):
    """One row per advice and day that it was shown, and per answer to it.

    Written by ``crm.today`` only.
    """

    _name = "crm.advice"
    _description = "Ledger of Advice"
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True, ondelete="set null")
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    scenario_id = fields.Many2one("crm.scenario", readonly=True, ondelete="set null")
    run_id = fields.Many2one(
        "crm.scenario.run", readonly=True, index="btree_not_null", ondelete="set null"
    )
    source = fields.Selection(SOURCES, required=True, readonly=True)
    kind = fields.Selection(
        [("shown", "Shown"), ("taken", "Taken"), ("snoozed", "Put off"), ("refused", "Refused")],
        required=True, readonly=True,
    )  # fmt: skip
    outcome = fields.Selection(OUTCOMES, readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    note = fields.Char(readonly=True)
    date = fields.Date(required=True, readonly=True, index=True)
    date_until = fields.Date("Not Before", readonly=True)

    _shown_unique = models.UniqueIndex(
        "(company_id, user_id, COALESCE(partner_id, 0), COALESCE(lead_id, 0), source, date)"
        " WHERE kind = 'shown'"
    )

    @api.model
    def _note(self, kind, lines, **values):
        """Write a row per line, in one statement; the same shown again on a day is noted once.

        :param list lines: dicts with ``partner_id``, ``lead_id``, ``run_id``, ``source``
        """
        if not lines:
            return
        self.flush_model()
        self.env["crm.scenario.run"].flush_model()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_advice (company_id, user_id, kind, date, outcome, reason, note,
                    date_until, partner_id, lead_id, run_id, scenario_id, source)
                SELECT %(company)s, %(user)s, %(kind)s, %(today)s, %(outcome)s, %(reason)s,
                       %(note)s, %(until)s, NULLIF(l.partner_id, 0), NULLIF(l.lead_id, 0), r.id,
                       r.scenario_id, l.source
                FROM unnest(%(partners)s::int[], %(leads)s::int[], %(runs)s::int[],
                            %(sources)s::text[]) AS l(partner_id, lead_id, run_id, source)
                LEFT JOIN crm_scenario_run r ON r.id = l.run_id
                ON CONFLICT DO NOTHING RETURNING id
                """,
                company=self.env.company.id,
                user=self.env.uid,
                kind=kind,
                today=self.env["crm.segmentation"]._today(),
                outcome=values.get("outcome"),
                reason=values.get("reason"),
                note=values.get("note"),
                until=values.get("until"),
                partners=[line.get("partner_id") or 0 for line in lines],
                leads=[line.get("lead_id") or 0 for line in lines],
                runs=[line.get("run_id") or 0 for line in lines],
                sources=[line["source"] for line in lines],
            )
        )
        self.invalidate_model()
