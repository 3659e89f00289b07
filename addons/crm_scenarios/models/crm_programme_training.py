"""Sessions of training, and who was there."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmProgrammeTraining(models.Model):
    _name = "crm.programme.training"
    _inherit = "crm.programme.part"
    _description = "Training of a Programme"
    _order = "programme_id, date, sequence, id"
    _check_company_auto = True

    name = fields.Char("Topic", required=True, translate=True)
    step_id = fields.Many2one(
        "crm.programme.step", index="btree_not_null", ondelete="set null", copy=False,
        domain="[('programme_id', '=', programme_id)]",
    )  # fmt: skip
    role_id = fields.Many2one(
        "crm.programme.role", index="btree_not_null", ondelete="restrict", check_company=True,
        help="Whom it is for.",
    )  # fmt: skip
    date = fields.Datetime(copy=False)
    hours = fields.Float(aggregator=None)
    trainer_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", check_company=True, copy=False
    )
    attendance_ids = fields.One2many(
        "crm.programme.attendance", "training_id", "People", copy=False
    )
    invited_count = fields.Integer("Invited", compute="_compute_counts")
    attended_count = fields.Integer("Attended", compute="_compute_counts")

    _range = models.Constraint(
        "CHECK (hours BETWEEN 0 AND 1000)", "Training takes between 0 and 1,000 hours."
    )

    @api.depends("attendance_ids.state")
    def _compute_counts(self):
        for training in self:
            states = training.attendance_ids.mapped("state")
            training.invited_count = len(states)
            training.attended_count = states.count("attended")

    @api.constrains("step_id", "programme_id")
    def _check_step(self):
        for training in self:
            if training.step_id and training.step_id.programme_id != training.programme_id:
                raise ValidationError(
                    self.env._("The step of “%s” belongs to another programme.", training.name)
                )

    def action_invite(self):
        """Everybody who works in the role and isn't on the list yet.

        :raises AccessError: for whoever may not change the programme
        :raises UserError: where the role isn't known, or has no users
        """
        self.ensure_one()
        self.check_access("write")
        users = self.role_id._users(self.company_id)
        if not users:
            raise UserError(
                self.env._("Choose a role whose “Users” are set, or enter the people one by one.")
            )
        self.env["crm.programme.attendance"].create(
            [
                {"training_id": self.id, "user_id": user.id}
                for user in users - self.attendance_ids.user_id
            ]
        )


class CrmProgrammeRole(models.Model):
    _inherit = "crm.programme.role"  # pylint: disable=consider-merging-classes-inherited

    def _users(self, company):
        """Internal users of the role's group who work in a company."""
        # sudo: names of colleagues, whatever else of users one may read
        users = self.sudo().group_id.all_user_ids
        return users.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        ).sudo(False)
