"""Learns from what was sold, by the nightly cron: read, learn, compare, store."""

import logging
import time

import numpy as np
from odoo import api, fields, models
from odoo.addons.crm_segments.models.crm_job import BUSY
from odoo.addons.crm_segments.models.each_company import each_company
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lib.copy_columns import CopyColumns
from ..lib.product_baskets import Baskets
from ..lib.product_choice import LEAST_BUYERS
from ..lib.product_counts import buyers
from ..lib.product_learning import learn
from ..lib.product_rows import ItemRow

_logger = logging.getLogger(__name__)

_COLUMNS = [("partner", "int32"), ("product", "int32"), ("day", "int32"), ("quantity", "float64")]


class CrmRecommendationModel(models.Model):
    _inherit = "crm.recommendation.model"  # pylint: disable=consider-merging-classes-inherited

    def action_rebuild(self):
        """Learn again in the background; the form follows how far it is.

        :raises AccessError: for users who are not managers of segments
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("crm_segments.group_segments_manager")):
            raise AccessError(self.env._("Only managers of segments may rebuild recommendations."))
        # sudo: the rows are written by the rebuild only, the cron is the administrator's
        models_ = self.sudo()
        for company in models_.company_id:
            models_._of_company(company).write(
                {"state": "waiting", "step": 0, "error": False, "reviewed": False}
            )
        self.env.ref("crm_scenarios.ir_cron_recommendations").sudo()._trigger()

    @api.model
    def _rebuild_all(self):
        """Cron: a company after the other, each step committed so that progress shows."""
        if self.env["crm.job"]._spread("Recommendations", self._rebuild_stages):
            return
        for company in each_company(self.env):
            try:
                self._rebuild(company)
            except Exception as error:  # noqa: BLE001 the next company is to be learnt all the same
                self.env.cr.rollback()
                self._note_failure(company, error)

    @api.model
    def _rebuild_stages(self):
        """Pieces for ``crm.job``: what is bought together is learnt from a whole company."""
        yield [(self, "_rebuild_job", company) for company in self.env["res.company"].search([])]

    def _rebuild_job(self, company):
        """As the cron, within one transaction: a job commits nothing before its end."""
        try:
            with self.env.cr.savepoint():
                self._rebuild(company)
        except BUSY:
            raise
        except Exception as error:  # noqa: BLE001 told on the form, as the cron does
            self._note_failure(company, error)

    def _note_failure(self, company, error):
        _logger.error("Recommendations of %s were not rebuilt", company.name, exc_info=error)
        self._of_company(company).write({"state": "failed", "error": str(error)[:500]})

    @api.model
    def _rebuild(self, company):
        """Learn from all that the company sold; return the model of all customers."""
        start = time.monotonic()
        model = self._of_company(company)
        divisions = self._learning_segmentations(company)
        model._at_step(0, 3 + len(divisions))
        today = self.env["crm.segmentation"]._today()
        baskets, lines = self._read_baskets(company, today)
        model._at_step(1)
        review = model._review_due(today)
        parameters = model._learn_everybody(baskets, today, not review and model.parameters)
        model._at_step(2)
        kept = set()
        for number, division in enumerate(divisions if parameters else []):
            kept |= model._learn_division(division, baskets, parameters, today, review)
            model._at_step(3 + number)
        if review:
            model.reviewed = today
        self._drop_scope(company, kept)
        model._finish(baskets, lines, parameters, time.monotonic() - start)
        return model

    def _learn_everybody(self, baskets, today, parameters=None):
        """Store what all customers buy; return the parameters, False without any sale.

        :param dict parameters: weights to be kept; by default they are learnt
        """
        if not len(baskets.item):
            self._store_usage([])
            self._store_affinity([])
            return False
        learned = learn(baskets, today.toordinal(), parameters or None)
        self._store_usage(learned.item_rows())
        self._store_affinity(learned.neighbour_rows())
        return learned.parameters

    def _finish(self, baskets, lines, parameters, seconds):
        present = np.unique(baskets.customer)
        self.write(
            {
                "state": "done",
                "step": self.steps,
                "date": fields.Datetime.now(),
                "seconds": seconds,
                "error": False,
                "reason": "everybody",
                "parameters": parameters,
                "customers": len(present),
                "baskets": int(baskets.ordinals()[1].sum()),
                "products": len(np.unique(baskets.item)),
                "lines": lines,
            }
        )

    @api.model
    def _read_baskets(self, company, today):
        """:return: (Baskets of everybody, number of lines read)"""
        Affinity = self.env["crm.product.affinity"]
        Affinity._flush_purchases()
        query = SQL(
            "SELECT partner_id, product_id, day, quantity FROM (%s) l WHERE quantity IS NOT NULL",
            Affinity._purchases_sql(company, today),
        )
        columns = CopyColumns(_COLUMNS).receive(self.env.cr._obj, query.code, query.params)
        lines = len(columns["day"])
        baskets = Baskets.from_lines(
            columns["partner"], columns["product"], columns["day"], columns["quantity"]
        )
        # what a credit note took back on the same day was no purchase
        return baskets.only(baskets.quantity > 0), lines

    @api.model
    def _learning_segmentations(self, company, among=None):
        """Divisions in which it can be learnt: what a new customer brings along decides them.

        Those that look at purchases are left out: a customer without any is in none of
        their segments, and members chosen by what they bought would foretell it too well.

        :param among: crm.segmentation records, by default those that are switched on
        """
        if among is None:
            among = self.env["crm.segmentation"].search([("enabled", "=", True)])
        found = among.filtered("exclusive")
        bought = {*self.env["res.partner"]._customer_metrics()}
        bought |= {"segment_ids", "leading_segment_id"}
        return found._applying_to(company).filtered(
            lambda division: bought.isdisjoint(division._own_fields_read())
        )

    def _learn_division(self, division, baskets, parameters, today, review):
        """Store what each segment of a division knows, compared with all customers.

        :param bool review: compare anew
        :return: ids of the segments that have a row now
        """
        segment_of = self._segment_of(division, baskets.customers)
        choices = self._choices(baskets, segment_of, today, review)
        kept = set()
        for segment, choice in choices.items():
            if choice.customers < LEAST_BUYERS:
                continue
            mine = self._members(baskets, segment_of, segment)
            self._of_segment(segment)._learn_segment(choice, mine, parameters, today)
            kept.add(segment)
        return kept

    def _segment_of(self, division, customers):
        """:return: array as long as ``customers``: id of the segment, or None"""
        self.env["crm.segment.membership"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.partner_id, m.segment_id FROM crm_segment_membership m
                JOIN crm_segment s ON s.id = m.segment_id AND s.active
                WHERE m.segmentation_id = %s AND m.company_id = %s AND m.date_to IS NULL
                  AND m.pinned IS DISTINCT FROM 'out'
                """,
                division.id,
                self.company_id.id,
            )
        )
        return self._placed(rows, customers)

    @api.model
    def _placed(self, rows, customers):
        """:return: array as long as ``customers``: the segment of each in rows (customer, segment),
        or None"""
        found = np.full(len(customers), None, dtype=object)
        if not rows or not len(customers):
            return found
        partners, segments = np.array(rows).T
        position = np.searchsorted(customers, partners)
        known = customers[np.minimum(position, len(customers) - 1)] == partners
        found[position[known]] = segments[known].tolist()
        return found

    def _of_segment(self, segment_id):
        domain = [("company_id", "=", self.company_id.id), ("segment_id", "=", segment_id)]
        return self.search(domain, limit=1) or self.create(
            {"company_id": self.company_id.id, "segment_id": segment_id}
        )

    def _learn_segment(self, choice, baskets, parameters, today):
        """Store a segment's own habits; its pairs only where they foretold better."""
        start = time.monotonic()
        neighbours, own_parameters = [], False
        if choice.own:
            learned = learn(baskets, today.toordinal(), parameters)
            items, neighbours = learned.item_rows(), learned.neighbour_rows()
            own_parameters = learned.parameters
        else:
            items = [
                ItemRow(item, customers, 0, 0, 0, 0.0, None, None, 0, 0.0, quantity)
                for item, customers, quantity in buyers(baskets)
            ]
        self._store_usage(items)
        self._store_affinity(neighbours)
        self.write(
            {
                "state": "done",
                "date": fields.Datetime.now(),
                "seconds": time.monotonic() - start,
                "own": choice.own,
                "parameters": own_parameters,
                "reason": choice.reason,
                "customers": choice.customers,
                "baskets": choice.baskets,
                "products": len(items),
                "lines": len(baskets.item),
                "tested": choice.tested,
                "recall_own": choice.recall_own or 0,
                "recall_all": choice.recall_all or 0,
                "difference_low": choice.difference_low or 0,
            }
        )
