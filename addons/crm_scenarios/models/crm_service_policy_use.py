"""What policies in force decide: when steps are due, which terms new customers get."""

from datetime import timedelta

from odoo import api, fields, models


class CrmScenarioRun(models.Model):
    _inherit = "crm.scenario.run"  # pylint: disable=consider-merging-classes-inherited

    def _by_pace(self, step):
        """The runs with their step, its delay as the policy of their segment has it.

        :return: list of (step, runs); the step as it is where no policy speaks
        """
        pace = step and step.get("pace")
        if not pace or not self:
            return [(step, self)]
        policies = self.env["crm.service.policy"]._in_force(self.env.company)
        groups = self.grouped(lambda run: policies.get(run.segment_id.id, policies.get(None)))
        return [
            ({**step, **policy._delay(pace)} if policy else step, runs)
            for policy, runs in groups.items()
        ]


class CrmServicePolicy(models.Model):
    _inherit = "crm.service.policy"  # pylint: disable=consider-merging-classes-inherited

    def _delay(self, pace):
        """Delay and unit of a step; nothing where no promise was made."""
        if pace == "contact":
            return {"delay": self.contact_days, "unit": "days"} if self.contact_days else {}
        return {"delay": self._response_days(), "unit": "days"} if self.response_hours else {}

    def _response_days(self):
        """Days until the one on which the hours of a response are over, where the company is.

        The host's activities know days; the hours themselves are counted by 'Today' and by the
        report of policy and practice.
        """
        zone = self.company_id.partner_id.tz or self.env.user.tz or "UTC"
        end = fields.Datetime.context_timestamp(
            self.with_context(tz=zone), fields.Datetime.now() + timedelta(hours=self.response_hours)
        )
        return max(0, (end.date() - self.env["crm.segmentation"]._today()).days)

    @api.model
    def _fill_terms(self, company, joined):
        """Give new customers who come into a segment the payment terms of its policy.

        New is who has no posted invoice and no terms yet.

        :param joined: list of (partner_id, segment_id)
        """
        terms = {
            key: policy.payment_term_id
            for key, policy in self._in_force(company).items() if key and policy.payment_term_id
        }  # fmt: skip
        wanted = {}
        for partner_id, segment_id in joined:
            if segment_id in terms:
                wanted.setdefault(terms[segment_id], []).append(partner_id)
        for term, ids in wanted.items():
            self._new_customers(company, ids).property_payment_term_id = term

    def _new_customers(self, company, ids):
        # sudo: terms are filled for whoever moves the customer; only empty ones
        partners = (
            self.env["res.partner"]
            .sudo()
            .with_company(company)
            .search([("id", "in", ids), ("property_payment_term_id", "=", False)])
        )
        invoiced = self.env["account.move"].sudo()._read_group(
            [("commercial_partner_id", "in", partners.ids), ("state", "=", "posted"),
             ("move_type", "=", "out_invoice"), ("company_id", "=", company.id)],
            ["commercial_partner_id"],
        )  # fmt: skip
        return partners - partners.browse([partner.id for (partner,) in invoiced])


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _memberships_changed(self, joined, left):
        """New customers get the payment terms of their segment's policy."""
        super()._memberships_changed(joined, left)
        if not joined:
            return
        self.env["crm.service.policy"]._fill_terms(self.env.company, joined)
