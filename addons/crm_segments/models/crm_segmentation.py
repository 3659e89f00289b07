"""A way of dividing customers into segments."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from .metric_fields import DEFINITION_GROUPS
from .own_call import EVALUATING, IN_PARENT, is_marked
from .stored_domain import check_query, parse_domain


class CrmSegmentation(models.Model):
    """A division of the customers of a company, by one method.

    A method is a selection value ``x`` with a method ``_target_x(company,
    population)`` that returns the SQL of who belongs where; see
    ``crm_segmentation_engine.py`` for the contract and ``crm_segmentation_rule.py``
    for an example. Nothing else has to know about it.
    """

    _name = "crm.segmentation"
    _description = "Customer Segmentation"
    _order = "sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    description = fields.Char(
        translate=True, help="What this segmentation is for, in one sentence."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    enabled = fields.Boolean(
        "Switched On",
        default=True,
        copy=False,
        help="Only segmentations that are switched on are computed and kept up to date.",
    )
    method = fields.Selection(
        [("rule", "Rules")],
        required=True,
        default="rule",
        help="How customers are divided.",
    )
    domain = fields.Char(
        "Population",
        default="[('is_crm_customer', '=', True)]",
        groups=DEFINITION_GROUPS,
        help="Which customers are divided at all.",
    )
    exclusive = fields.Boolean(
        default=True, help="A customer is in one segment only: the first that fits."
    )
    minimum_stay_days = fields.Integer(
        "Minimum Stay (Days)",
        help="A customer stays in a segment for at least so many days, so that nobody "
        "moves back and forth.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: divides the customers of each company on its own."
    )
    segment_ids = fields.One2many("crm.segment", "segmentation_id", "Segments", copy=True)
    run_ids = fields.One2many("crm.segmentation.run", "segmentation_id", "Runs", copy=False)

    _minimum_stay_positive = models.Constraint(
        "CHECK (minimum_stay_days >= 0)", "The minimum stay can't be negative."
    )

    @api.constrains("domain", "name")
    def _check_domain(self):
        for segmentation in self:
            domain = segmentation._population_domain()
            check_query(self._rule_env(), domain, "res.partner", segmentation.name)

    @api.constrains("segment_ids", "method")
    def _check_segments(self):
        for segmentation in self:
            if len(segmentation.segment_ids.filtered("is_rest")) > 1:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” has two segments for everybody else; only one can be.",
                        name=segmentation.name,
                    )
                )

    def _population_domain(self):
        """The population as a domain on customers.

        :raises ValidationError: with the reason in the user's words
        """
        self.ensure_one()
        label = self.env._("%s: population", self.name)
        return parse_domain(self._rule_env(), self.sudo().domain, "res.partner", label)

    def _rule_env(self, company=None):
        """Rules mean the same whoever triggers them: superuser, exactly one company."""
        company = company or self.company_id or self.env.company
        return (
            self.with_user(SUPERUSER_ID)
            .with_company(company)
            .with_context(allowed_company_ids=company.ids, lang=None, tz="UTC", active_test=True)
            .env
        )

    @api.model_create_multi
    def create(self, vals_list):
        """New divisions are computed by the next run."""
        # segments made along with it are judged together, not one by one
        batch = self.with_context(**IN_PARENT)
        segmentations = super(CrmSegmentation, batch).create(vals_list).with_env(self.env)
        self.env.registry.clear_cache()
        segmentations._definition_changed()
        return segmentations

    def write(self, vals):
        """Switching on starts the first run in the background; switching off ends the stays."""
        switched_on = self.filtered(lambda one: vals.get("enabled") and not one.enabled)
        res = super(CrmSegmentation, self.with_context(**IN_PARENT)).write(vals)
        deciding = {"enabled", *self._definition_fields()}
        # by the sequence the first may lead, and nobody moves
        if not vals.keys().isdisjoint({"sequence", *deciding}):
            self.env.registry.clear_cache()
        if vals.keys().isdisjoint(deciding):
            return res
        if vals.get("exclusive") is False:
            self.env["crm.segment.membership"]._let_overlap(self)
        if not all(vals.get(name, True) for name in ("enabled", "active")):
            self.env["crm.segment.membership"]._end_stays("segmentation_id", self.ids)
            self._trigger_rebuild()  # others may have read its members
        elif switched_on or not vals.keys().isdisjoint(self._definition_fields()):
            self._definition_changed()
        return res

    def unlink(self):
        """What is in use is looked up anew."""
        used = any(self.mapped("enabled"))
        res = super().unlink()
        self.env.registry.clear_cache()
        if used:
            self._trigger_rebuild()  # others may have read its members
        return res

    @api.model
    def _definition_fields(self):
        """Fields that decide who belongs where; methods add theirs."""
        return {"domain", "exclusive", "company_id", "active", "minimum_stay_days"}

    @api.onchange("method")
    def _onchange_method_segments(self):
        """A method with usual segments starts with them."""
        proposed = getattr(self, f"_default_segments_{self.method}", lambda: [])()
        if proposed and not self.segment_ids:
            self.segment_ids = [
                Command.create({"color": index, "sequence": index, **vals})
                for index, vals in enumerate(proposed, 1)
            ]

    def copy_data(self, default=None):
        """Copies are named as such, and switched off until somebody has looked at them."""
        return [
            {
                **vals,
                "name": self.env._("%(name)s (copy)", name=segmentation.name),
                "enabled": False,
            }
            for segmentation, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def action_run(self):
        """Run now and tell the result."""
        # a shared segmentation runs everywhere; how other companies fare is told there
        runs = self.run()
        self._trigger_backfill()
        runs = runs.filtered(lambda run: run.company_id in self.env.companies)
        if not runs:
            return self._notify(
                "warning",
                self.env._("Not now"),
                self.env._("Another run of this segmentation is under way."),
            )
        if held := runs.filtered(lambda run: run.state == "held"):
            return self._notify("warning", self.env._("Waits for you"), held[0]._held_text())
        if failed := runs.filtered(lambda run: run.state == "failed"):
            return self._notify("danger", self.env._("Run failed"), failed[0].error, sticky=True)
        return self._notify("success", self.env._("Up to date"), runs._summary())

    def _notify(self, kind, title, message, sticky=False):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": title,
                "message": message,
                "sticky": sticky,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_enable(self):
        """Switch on; the first run goes in the background."""
        self.enabled = True
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_members(self):
        """Customers of this segmentation, grouped by segment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_segment_membership_action"
        )
        action["domain"] = [("segmentation_id", "=", self.id)]
        action["display_name"] = self.name
        return action

    def _definition_changed(self):
        """A changed rule is followed soon, not only at night; a run that adds segments is not."""
        if self.filtered("enabled") and not is_marked(self.env, EVALUATING):
            self._trigger_rebuild()
