"""Audits, systems and interfaces of a programme."""

from odoo import fields, models


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    audit_ids = fields.One2many("crm.programme.audit", "programme_id", "Audits", copy=False)
    system_ids = fields.One2many(
        "crm.programme.system", "programme_id", "Other Systems", copy=False
    )
    interface_ids = fields.One2many(
        "crm.programme.interface", "programme_id", "Interfaces", copy=False
    )

    def action_audit(self):
        """Count this database; estimates with a basis follow.

        :return: action that opens the audit
        :raises AccessError: for whoever may not change the programme
        :raises UserError: for a template
        """
        self.ensure_one()
        return self._audit()._open()

    def _audit(self, step=None):
        """Take an audit and note it."""
        audit = self.env["crm.programme.audit"]._take(self, step)
        self.audit_figures = audit.figures
        self.message_post(body=self.env._("Audit taken: %s", audit.summary))
        return audit

    def _copy_content(self, new):
        result = super()._copy_content(new)
        systems = self.system_ids._copy_to(new)
        self.interface_ids._copy_to(new, source_id=systems, target_id=systems)
        if new.is_template:
            new.interface_ids.user_id = False
        return result


class CrmProgrammeStep(models.Model):
    _inherit = "crm.programme.step"  # pylint: disable=consider-merging-classes-inherited

    audit_ids = fields.One2many("crm.programme.audit", "step_id", "Audits", copy=False)

    def action_audit(self):
        """Count this database as part of the step.

        :return: action that opens the audit
        """
        self.ensure_one()
        return self.programme_id._audit(self)._open()


class CrmProgrammeAudit(models.Model):
    _inherit = "crm.programme.audit"  # pylint: disable=consider-merging-classes-inherited

    def _open(self):
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id,
            "name": self.env._("Audit"), "views": [(False, "form")], "target": "new",
        }  # fmt: skip
