"""What has programmes opens them."""

from odoo import fields, models


class CrmProgrammeOwner(models.AbstractModel):
    _name = "crm.programme.owner"
    _description = "Has Programmes"

    programme_count = fields.Integer(
        "Programmes", compute="_compute_programme_count",
        groups="crm_segments.group_segments_user",
    )  # fmt: skip

    def _compute_programme_count(self):
        link = self._programme_link
        counts = self.env["crm.programme"]._read_group(
            [(link, "in", self.ids), ("is_template", "=", False)], [link], ["__count"]
        )
        by_id = {record.id: count for record, count in counts}
        for record in self:
            record.programme_count = by_id.get(record.id, 0)

    def action_open_programmes(self):
        """Programmes of the record; the dialog for a new one where there is none.

        :return: action
        """
        self.ensure_one()
        own = self.env["crm.programme"].search([(self._programme_link, "=", self.id)])
        windows = self.env["ir.actions.act_window"]
        if not own:
            action = windows._for_xml_id("crm_scenarios.crm_programme_launch_action")
            return {**action, "context": {f"default_{self._programme_link}": self.id}}
        action = windows._for_xml_id("crm_scenarios.crm_programme_action")
        return {**action, "domain": [("id", "in", own.ids)],
                "context": {f"default_{self._programme_link}": self.id}}  # fmt: skip
