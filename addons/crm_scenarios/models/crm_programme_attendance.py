"""Who is to be trained, and was."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmProgrammeAttendance(models.Model):
    """A user, or somebody who has no access here."""

    _name = "crm.programme.attendance"
    _description = "Attendance of a Training"
    _order = "training_id, id"

    training_id = fields.Many2one(
        "crm.programme.training", required=True, index=True, ondelete="cascade"
    )
    programme_id = fields.Many2one(
        related="training_id.programme_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", "Contact", index="btree_not_null", ondelete="restrict",
        help="For people who are no users.",
    )  # fmt: skip
    state = fields.Selection(
        [("invited", "Invited"), ("attended", "Attended"), ("missed", "Missed")],
        required=True, default="invited",
    )  # fmt: skip

    _once = models.UniqueIndex(
        "(training_id, COALESCE(user_id, 0), COALESCE(partner_id, 0))",
        "Somebody is on the list twice.",
    )

    @api.depends("user_id", "partner_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = (one.user_id or one.partner_id).display_name

    @api.constrains("training_id", "user_id", "partner_id")
    def _check_who(self):
        for one in self:
            if bool(one.user_id) == bool(one.partner_id):
                raise ValidationError(self.env._("Enter a user or a contact, one a line."))
