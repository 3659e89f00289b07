"""Rules for leads without a customer."""

from odoo import api, models
from odoo.tools import SQL

from .crm_lead_provisional import RELATION
from .stored_domain import check_query, parse_domain


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    @api.constrains("lead_domain")
    def _check_lead_domain(self):
        for segment in self:
            domain = segment._lead_rule()
            if domain is not None:
                env = segment.segmentation_id._rule_env()
                check_query(env, domain, "crm.lead", segment.name)

    def _lead_rule(self):
        """The rule for leads as a domain on them, None where there is none.

        The domain editor writes ``[]`` when everything is taken out of it, so
        that means 'none' too; a rule that all leads satisfy is ``[(1, '=', 1)]``.

        :raises ValidationError: with the reason in the user's words
        """
        self.ensure_one()
        text = (self.sudo().lead_domain or "").strip()
        if not text or text == "[]":
            return None
        env = self.segmentation_id._rule_env()
        label = self.env._("%s: leads", self.name)
        return parse_domain(env, text, "crm.lead", label)

    def write(self, vals):
        """A changed rule for leads is followed soon; what is archived is shown on no lead."""
        res = super().write(vals)
        if not vals.get("active", True):
            self._drop_provisional()
        if "lead_domain" in vals:
            # customers are not concerned, so nothing of theirs is computed again
            self.env.registry.clear_cache()
            if self.segmentation_id.filtered("enabled"):
                self.env["crm.segmentation"]._trigger_leads()
        return res

    def _drop_provisional(self):
        """Take these segments off all leads."""
        self.env.execute_query(
            SQL(
                "DELETE FROM %s WHERE segment_id = ANY(%s) RETURNING lead_id",
                SQL.identifier(RELATION),
                self.ids,
            )
        )
        self.env["crm.lead"]._invalidate_provisional()
