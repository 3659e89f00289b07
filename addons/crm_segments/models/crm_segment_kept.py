"""Reports that take long are read at night, so that their pages open at once."""

import logging
import time
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from .each_company import each_company

_logger = logging.getLogger(__name__)
#: what takes longer is kept, in seconds
SLOW = 1.0
#: a kept answer is shown for so long; every night there is a new one
HOURS = 26


class CrmSegmentKept(models.Model):
    """What the database answered when a report was read, one row per question.

    Nobody reads the table: money of all customers stands in it. The reports tell what the user
    may see of it, and since when it stands. A model keeps its answers by a method
    ``_ask_at_night()`` that yields (question, function that reads the rows, as of when).
    """

    _name = "crm.segment.kept"
    _description = "Report Read at Night"
    _rec_name = "question"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    model_name = fields.Char(required=True, export_string_translation=False)
    question = fields.Char(required=True, export_string_translation=False)
    rows = fields.Json(export_string_translation=False)  # empty where nothing was sold
    read_at = fields.Datetime(required=True)

    _question_uniq = models.UniqueIndex("(model_name, question)")

    @api.model
    def _find(self, model_name, *questions):
        """The answers that still hold."""
        return self.search(
            [("model_name", "=", model_name), ("question", "in", questions),
             ("read_at", ">", self._oldest())]
        )  # fmt: skip

    def _oldest(self):
        """When an answer was read at the latest that holds no longer."""
        return fields.Datetime.now() - timedelta(hours=HOURS)

    @api.model
    def _models(self):
        """Names of the models that keep answers."""
        return ["crm.revenue.bridge", "crm.segment.report"]

    @api.model
    def _keep_due(self):
        """Cron: read what takes long, a company after the other, then all of them together."""
        purchases = self.env["crm.customer.purchases"]
        documents = self._try(purchases._name, purchases._count_documents)
        for company in each_company(self.env):
            own = self.with_company(company).with_context(allowed_company_ids=company.ids)
            purchases = own.env["crm.customer.purchases"]
            if documents is not None:
                own._try(purchases._name, partial(purchases._keep, documents))
            # answers are read from them, and nobody waits for their customers meanwhile
            self.env["ir.cron"]._commit_progress()
            for name in self._models():
                own._try(name, partial(own._keep_answers, name))
        self._keep_together()
        self.search([("read_at", "<=", self._oldest())]).unlink()

    def _keep_together(self):
        """The reports of all companies together, in each of their currencies.

        Of companies with one currency they are the same whichever is the current one; else the
        first one with a currency stands for those that share its rates.
        """
        companies, name = self.env["res.company"].search([]), "crm.segment.report"
        mains = {one.currency_id: one for one in reversed(companies)}
        for main in mains.values() if len(companies) > 1 else ():
            allowed = [main.id, *(companies - main).ids]
            own = self.with_company(main).with_context(allowed_company_ids=allowed)
            own._try(name, partial(own._keep_answers, name))
            self.env["ir.cron"]._commit_progress()

    def _try(self, name, work):
        """Where reading ahead fails the page reads by itself; the others go on.

        :return: what the work returns, None after an error
        """
        try:
            with self.env.cr.savepoint():
                return work()
        except Exception:  # noqa: BLE001
            _logger.exception("%s of %s was not read ahead", name, self.env.company.name)

    def _keep_answers(self, name):
        asked = list(self.env[name]._ask_at_night())
        for question, read, read_at in asked:
            began = time.monotonic()
            rows = read()
            if time.monotonic() - began < SLOW:
                # the others are about as quick
                self._forget(name, [one[0] for one in asked])
                return
            self._put(name, question, rows, read_at)

    @api.model
    def _put(self, name, question, rows, read_at):
        """Keep an answer of the current company, instead of an earlier one."""
        self._forget(name, [question])
        self.create({
            "company_id": self.env.company.id, "model_name": name, "question": question,
            "rows": rows, "read_at": read_at.replace(microsecond=0),
        })  # fmt: skip

    @api.model
    def _forget(self, name, questions):
        """Delete the answers that a model keeps to questions."""
        self.search([("question", "in", questions), ("model_name", "=", name)]).unlink()

    @api.model
    def _settings(self, companies=None):
        """What every answer depends on besides documents and stays: how companies count.

        :param companies: res.company records; None for those that are switched on
        """
        companies = self.env.companies if companies is None else companies
        return [
            [one.id, one.crm_sales_basis, one.crm_purchase_unit, one.currency_id.id]
            # sudo: settings that decide how is counted
            for one in companies.sudo().sorted("id")
        ]
