"""A server action of the host for customers who join or leave a segment."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

ACTIONS = {"join": "join_action_id", "leave": "leave_action_id"}


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    join_action_id = fields.Many2one(
        "ir.actions.server",
        "When Customers Join",
        domain=[("model_name", "=", "res.partner"), ("usage", "=", "ir_actions_server")],
        groups="base.group_system",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="Run for customers who join from now on, in batches and with all rights; "
        "those who are in already are left alone.",
    )
    leave_action_id = fields.Many2one(
        "ir.actions.server",
        "When Customers Leave",
        domain=[("model_name", "=", "res.partner"), ("usage", "=", "ir_actions_server")],
        groups="base.group_system",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="Run for customers who leave from now on, in batches and with all rights.",
    )
    action_error = fields.Char(
        "Last Failure of an Action",
        groups="crm_segments.group_segments_manager",
        readonly=True,
        copy=False,
        help="Why the action for customers who join or leave failed; empty once it goes well.",
    )

    @api.constrains("join_action_id", "leave_action_id")
    def _check_actions(self):
        # sudo: a manager who changes something else can't read the actions
        for segment in self.sudo():
            for action in segment.join_action_id | segment.leave_action_id:
                if action.model_id.model != "res.partner":
                    raise ValidationError(
                        self.env._("“%s” is no action on contacts.", action.display_name)
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """Server actions run code, so only system administrators choose them."""
        self._check_actions_allowed(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        """Server actions run code, so only system administrators choose them."""
        self._check_actions_allowed(vals)
        return super().write(vals)

    def _check_actions_allowed(self, names):
        """The groups of the fields say so too; this holds whatever way the values come.

        :raises AccessError: for users who are no system administrators
        """
        named = not set(ACTIONS.values()).isdisjoint(names)
        if named and not (self.env.su or self.env.user.has_group("base.group_system")):
            raise AccessError(
                self.env._("Only system administrators choose the actions of a segment.")
            )
