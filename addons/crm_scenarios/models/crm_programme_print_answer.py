"""Who answers for what, by vendor, on paper and from the form."""

from odoo import models


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    def action_open_answers(self):
        """Responsibilities of the programme, by vendor.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_scenarios.crm_programme_answer_action"
        )
        return {**action, "domain": [("programme_id", "=", self.id)]}

    def _printed_answers(self):
        """Pairs (vendor, rows), vendors by name and one's own people at last.

        What is bought has its payments and terms in tables of its own: here is what for.
        """
        kinds = dict(
            self.env["crm.programme.answer"]._fields["kind"]._description_selection(self.env)
        )
        found = {}
        for row in self.env["crm.programme.answer"].search([("programme_id", "=", self.id)]):
            found.setdefault(row.vendor_id, []).append(self._printed_answer(row, kinds))
        own = self.env["res.partner"]
        pairs = sorted((one.display_name, found[one]) for one in found if one)
        return pairs + ([(self.env._("Own people"), found[own])] if own in found else [])

    def _printed_answer(self, row, kinds):
        side = row.kind in ("source", "target")
        here = self.env._("this system")
        return {
            "kind": kinds[row.kind], "name": row.name,
            "way": side and f"{row.source_id.name or here} → {row.target_id.name or here}",
            "who": row.user_id.sudo().name or row.role_id.name or "",
            "first": row.date_start, "last": row.date_end, "amount": row.amount,
            "year": row.amount_year,
        }  # fmt: skip
