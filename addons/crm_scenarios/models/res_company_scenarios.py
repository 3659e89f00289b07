"""Settings of scenarios and of the list 'Today'."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    crm_scenario_contact_cap = fields.Integer(
        "Most Contacts in 30 Days", default=4,
        help="A scenario waits with a customer who had so many mailings, e-mails, calls and "
        "meetings in the last 30 days. 0: no limit.",
    )  # fmt: skip
    crm_scenario_answer_hours = fields.Integer(
        "Answer Within (Hours)", default=24,
        help="A customer's message that nobody has answered so long stands in “Today”.",
    )  # fmt: skip
    crm_scenario_share = fields.Float(
        "Depends on Acting (%)", default=10,
        help="Share of the money at stake that is taken to depend on acting, as long as no "
        "hold-out has measured it.",
    )  # fmt: skip

    _crm_scenario_range = models.Constraint(
        "CHECK (crm_scenario_contact_cap >= 0 AND crm_scenario_answer_hours >= 0"
        " AND crm_scenario_share BETWEEN 0 AND 100)",
        "Numbers can't be negative, and a share is 100 % at most.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    crm_scenario_contact_cap = fields.Integer(
        related="company_id.crm_scenario_contact_cap", readonly=False
    )
    crm_scenario_answer_hours = fields.Integer(
        related="company_id.crm_scenario_answer_hours", readonly=False
    )
    crm_scenario_share = fields.Float(related="company_id.crm_scenario_share", readonly=False)
