"""Touches and credit against the documents, and credit against the ledger."""

from odoo import models
from odoo.addons.crm_segments.models.crm_consistency import Check, Found
from odoo.tools import SQL

from .crm_campaign_credit_sql import VALUES, key, names
from .crm_touchpoint_rebuild import OVERLAP
from .crm_touchpoint_sources import COLUMNS

#: columns that the figures of all customers decide: they follow after the nightly figures
_KINDS = ("kind_of_customer", "expected_anyway")
_CRON = "crm_campaign_roi.ir_cron_touchpoints"


class CrmConsistency(models.AbstractModel):
    _inherit = "crm.consistency"  # pylint: disable=consider-merging-classes-inherited

    def _checks(self):
        credit = self.env._("Credit of campaigns against touchpoints and orders")
        return [
            *super()._checks(),
            self._derived("touches", self.env._("Touchpoints against the documents"),
                          "res.partner"),
            self._derived("credit", credit, "res.partner"),
        ]  # fmt: skip

    def _derived(self, code, name, model):
        """A check of what the nightly rebuild of touchpoints and credit mends."""
        rebuild = self.env._("Rebuild: touchpoints and credit are derived from the documents anew.")
        return Check(code, name, model, rebuild, _CRON)

    def _check_touches(self, company):
        """Customers whose derived touches aren't those of their documents."""
        stored, fresh = SQL("t.company_id"), SQL("f.company_id")
        ours = SQL("= %s", company.id)
        if company == self.env.companies[:1]:  # touches of no company are looked at once
            ours = SQL("IN (0, %s)", company.id)
            stored, fresh = (SQL("COALESCE(%s, 0)", one) for one in (stored, fresh))
        found = self._found_ids(
            SQL(
                """
                WITH fresh (%(columns)s) AS MATERIALIZED (%(sources)s)
                SELECT unnest(array_remove(ARRAY[f.partner_id, t.partner_id], NULL))
                FROM fresh f
                FULL JOIN (SELECT * FROM crm_touchpoint WHERE res_model IS NOT NULL) t
                  ON t.kind_id = f.kind_id AND t.res_model = f.res_model AND t.res_id = f.res_id
                WHERE (f.kind_id IS NULL OR t.id IS NULL OR (%(new)s) IS DISTINCT FROM (%(old)s))
                  AND (%(stored)s %(ours)s OR %(fresh)s %(ours)s)
                """,
                columns=names(["kind_id", *COLUMNS]),
                sources=self.env["crm.touchpoint"]._fresh_sql(None),
                new=names(COLUMNS, "f"),
                old=names(COLUMNS, "t"),
                stored=stored,
                fresh=fresh,
                ours=ours,
            )
        )
        return self._sorted(self._count("crm_touchpoint", company), found)

    def _check_credit(self, company):
        """Customers whose credit isn't what touches and orders give.

        What kind of customer it was follows the figures of all, which may be younger.
        """
        fixed = [name for name in VALUES if name not in _KINDS]
        rows = self.env.execute_query(
            SQL(
                """
                WITH target AS MATERIALIZED (%(weighed)s)
                SELECT t.partner_id, c.partner_id,
                       c.id IS NULL OR t.partner_id IS NULL OR (%(new)s) IS DISTINCT FROM (%(old)s)
                FROM target t
                FULL JOIN (SELECT * FROM crm_campaign_credit WHERE company_id = %(company)s) c
                  ON (%(of_target)s) = (%(of_credit)s)
                WHERE c.id IS NULL OR t.partner_id IS NULL
                   OR (%(all_new)s) IS DISTINCT FROM (%(all_old)s)
                """,
                weighed=self.env["crm.campaign.credit"]._weighed_sql(company, None),
                company=company.id,
                of_target=key("t"),
                of_credit=key("c"),
                new=names(fixed, "t"),
                old=names(fixed, "c"),
                all_new=names(VALUES, "t"),
                all_old=names(VALUES, "c"),
            )
        )
        later = self._figures_are_younger(company)
        wrong = {one for *both, hard in rows if hard or not later for one in both if one}
        late = {one for *both, hard in rows if not hard and later for one in both if one}
        found = self._sorted(self._count("crm_campaign_credit", company), wrong)
        return found._replace(waiting=(set(found.waiting) | late) - set(found.wrong))

    def _sorted(self, checked, partners):
        """What was found, apart from customers whose touches and credit still follow."""
        waiting = self._following() if partners else set()
        if waiting is None:
            return Found(checked, (), partners)
        return Found(checked, partners - waiting, partners & waiting)

    def _following(self):
        """Ids of customers who are queued or whose documents changed; None: everybody."""
        queued = self._found_ids(
            SQL(
                "SELECT p.commercial_partner_id FROM crm_campaign_queue q"
                " JOIN res_partner p ON p.id = q.partner_id"
            )
        )
        last = self._last_call("ir_cron_touchpoints", "ir_cron_follow")
        changed = last and self.env["crm.touchpoint"]._changed_since(last - OVERLAP)
        if not last or changed is False:
            return None
        return {*changed, *queued, *self._queued()}

    def _last_call(self, *crons):
        """When the last of some crons ran, None if none did."""
        found = [self.env.ref(f"crm_campaign_roi.{one}", raise_if_not_found=False) for one in crons]
        return max((one.lastcall for one in found if one and one.lastcall), default=None)

    def _figures_are_younger(self, company):
        """Whether the figures were rebuilt after the last rebuild of all credit."""
        last = self._last_call("ir_cron_touchpoints")
        return not last or self._rebuilt(company) > last
