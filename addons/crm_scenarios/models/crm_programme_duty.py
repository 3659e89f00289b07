"""Who does what before and after: the reorganisation that comes with a programme."""

from odoo import fields, models


class CrmProgrammeDuty(models.Model):
    _name = "crm.programme.duty"
    _inherit = "crm.programme.part"
    _description = "Duty That Changes"
    _order = "programme_id, sequence, id"
    _rec_name = "duty"
    _check_company_auto = True

    department = fields.Char(translate=True)
    role_id = fields.Many2one(
        "crm.programme.role", index="btree_not_null", ondelete="restrict", check_company=True
    )
    duty = fields.Char(required=True, translate=True)
    before = fields.Char(translate=True, help="Who does it now, and how.")
    after = fields.Char(translate=True)
    date_from = fields.Date("Since", copy=False)
    note = fields.Char(translate=True)


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    training_ids = fields.One2many("crm.programme.training", "programme_id", copy=False)
    duty_ids = fields.One2many("crm.programme.duty", "programme_id", "Duties", copy=False)
    adoption_ids = fields.One2many(
        "crm.programme.adoption", "programme_id", "Use of the System", copy=False,
        groups="sales_team.group_sale_salesman_all_leads,crm_segments.group_segments_manager",
    )  # fmt: skip

    def _copy_content(self, new):
        result = super()._copy_content(new)
        self.duty_ids._copy_to(new)
        self.training_ids._copy_to(new)
        return result
