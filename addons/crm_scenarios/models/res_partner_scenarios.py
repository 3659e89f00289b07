"""Runs on the customer and on the lead."""

from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    scenario_run_count = fields.Integer(
        "Scenarios", compute="_compute_scenario_run_count",
        groups="crm_segments.group_segments_user",
    )  # fmt: skip

    @api.depends_context("uid", "company")
    def _compute_scenario_run_count(self):
        """Runs of the customer that the user may see, of leads too."""
        counts = _counts(self.env, "partner_id", self.commercial_partner_id.ids)
        for partner in self:
            partner.scenario_run_count = counts.get(partner.commercial_partner_id._origin.id, 0)

    def action_open_scenario_runs(self):
        """The customer's way through scenarios."""
        self.ensure_one()
        return _open_runs(self, [("partner_id", "=", self.commercial_partner_id.id)])


class CrmLead(models.Model):
    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    scenario_run_count = fields.Integer(
        "Scenarios", compute="_compute_scenario_run_count",
        groups="crm_segments.group_segments_user",
    )  # fmt: skip

    @api.depends_context("uid", "company")
    def _compute_scenario_run_count(self):
        counts = _counts(self.env, "lead_id", self.ids)
        for lead in self:
            lead.scenario_run_count = counts.get(lead._origin.id, 0)

    def action_open_scenario_runs(self):
        """The lead's way through scenarios."""
        self.ensure_one()
        return _open_runs(self, [("lead_id", "=", self.id)])


def _counts(env, name, ids):
    domain = [(name, "in", ids), ("company_id", "=", env.company.id)]
    rows = env["crm.scenario.run"]._read_group(domain, [name], ["__count"])
    return {record.id: count for record, count in rows}


def _open_runs(record, domain):
    action = record.env["ir.actions.act_window"]._for_xml_id(
        "crm_scenarios.crm_scenario_run_action"
    )
    return {
        **action, "domain": domain, "context": {}, "views": [(False, "list"), (False, "form")],
        "display_name": record.display_name,
    }  # fmt: skip
