"""Bridges that take long are read at night, so that the page opens at once."""

import json
import time
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..lib.bridge_periods import presets
from .crm_revenue_bridge import Asked

#: what takes longer is kept, in seconds
SLOW = 1.0
#: a kept answer is shown for so long; every night there is a new one
HOURS = 26


class CrmRevenueBridgeKept(models.Model):
    """What the database answered when a bridge was read, one row per question.

    Nobody reads the table: money of all customers stands in it. ``crm.revenue.bridge.bridge()``
    tells what the user may see, and since when.
    """

    _name = "crm.revenue.bridge.kept"
    _description = "Revenue Bridge Read at Night"
    _rec_name = "question"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    question = fields.Char(required=True, export_string_translation=False)
    rows = fields.Json(export_string_translation=False)  # empty where nothing was sold
    read_at = fields.Datetime(required=True)

    _question_uniq = models.UniqueIndex("(question)")

    @api.model
    def _find(self, asked):
        """The answer that still holds: (rows of the statement, when it was read), or two None."""
        oldest = fields.Datetime.now() - timedelta(hours=HOURS)
        kept = self.search([("question", "=", self._question(asked)), ("read_at", ">", oldest)])
        if not kept:
            return None, None
        rows = [
            (segment, Decimal(first), Decimal(last), *others)
            for segment, first, last, *others in kept.rows or ()
        ]
        return rows, kept.read_at

    @api.model
    def _question(self, asked):
        """All that the answer depends on besides documents and stays, as text."""
        companies = self.env.companies.sudo()  # sudo: settings that decide how is counted
        settings = [
            (one.id, one.crm_sales_basis, one.crm_purchase_unit, one.currency_id.id)
            for one in companies.sorted("id")
        ]
        days = [str(day) for day in (asked.a_from, asked.a_to, asked.b_from, asked.b_to)]
        division = asked.segmentation
        key = division._definition_key() if division else ""
        return json.dumps([self.env.company.id, settings, days, division.id, key])

    @api.model
    def _keep_due(self):
        """Cron: read the offered periods of each company, where that takes long."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([])
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self.search([("company_id", "=", company.id)]).unlink()
            env = self.with_company(company).with_context(allowed_company_ids=company.ids)
            env._keep_company(company)
            cron._commit_progress(1)

    def _keep_company(self, company):
        Bridge = self.env["crm.revenue.bridge"]
        division = company._leading_segmentation().with_env(self.env)
        Bridge._flush()
        for days in presets(division._today()).values():
            asked = Asked(division, *days)
            began = time.monotonic()
            rows = Bridge._rows(Bridge._cells_sql(asked))
            if time.monotonic() - began < SLOW:
                return  # the others are about as quick
            self._keep(asked, company, rows)

    def _keep(self, asked, company, rows):
        """Store an answer; money as text, so that no cent is lost."""
        self.create({
            "company_id": company.id,
            "question": self._question(asked),
            "rows": [[row[0], str(row[1] or 0), str(row[2] or 0), *row[3:]] for row in rows],
            "read_at": fields.Datetime.now(),
        })  # fmt: skip
