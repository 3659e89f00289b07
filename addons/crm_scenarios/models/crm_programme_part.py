"""What stands around the plan of a programme belongs to it."""

from odoo import fields, models


class CrmProgrammePart(models.AbstractModel):
    _name = "crm.programme.part"
    _description = "Part of a Programme"

    programme_id = fields.Many2one("crm.programme", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="programme_id.company_id")
    currency_id = fields.Many2one(related="programme_id.currency_id")
    sequence = fields.Integer(default=10, aggregator=None)

    def _copy_to(self, new, **links):
        """Copies of these for a programme that has none.

        :param new: crm.programme record
        :param links: field → {id here: id there}, for what belongs to a programme too
        :return: {id here: id there}
        """
        made = {}
        for part in self:
            vals = {name: there.get(part[name].id, False) for name, there in links.items()}
            made[part.id] = part.copy({**vals, "programme_id": new.id}).id
        return made
