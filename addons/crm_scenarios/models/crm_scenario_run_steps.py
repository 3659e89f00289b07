"""What the steps do: for all runs of a batch that stand at the same one."""

from odoo import SUPERUSER_ID, models
from odoo.addons.crm_segments.models.stored_domain import parse_domain
from odoo.tools import SQL

from ..lib.scenario_steps import CONTACTS, held_back, step_day


class CrmScenarioRun(models.Model):
    _inherit = "crm.scenario.run"  # pylint: disable=consider-merging-classes-inherited

    def _targets_fitting(self, text):
        """Ids of the customers (or leads) of the runs that satisfy a condition now."""
        target = self._target()
        domain = parse_domain(self.env, text, target._name, self.scenario_id[:1].name)
        return set(target.search([("id", "in", target.ids), *domain]).ids)

    def _hold_back(self, step):
        """Runs whose customer had too many contacts; they are looked at again tomorrow."""
        cap = self.env.company.crm_scenario_contact_cap
        if step["kind"] not in CONTACTS or not cap or not self:
            return self.browse()
        flags = held_back([run.partner_id.id or None for run in self], self._contacts(), cap)
        held = self.browse([run.id for run, flag in zip(self, flags, strict=True) if flag])
        today = self.env["crm.segmentation"]._today()
        reason = self.env._("%s contacts in 30 days", cap)
        new = held.filtered(lambda run: run.state != "held")
        new._put({"state": "held", "date_held": today, "reason": reason})
        held._put({"date_next": step_day(today, 1, "days")})
        return held

    def _contacts(self):
        """Contacts of the last 30 days and steps of scenarios that are open, by customer."""
        metrics = self.env["crm.customer.metrics"]
        metrics._flush_sources()
        self.flush_model()
        ids = self.partner_id.ids
        if not ids:
            return {}
        today = self.env["crm.segmentation"]._today()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.partner_id, SUM(c.number)::int FROM (
                    SELECT partner_id, contacts_30d AS number FROM (%(done)s) d
                    UNION ALL
                    SELECT r.partner_id, COUNT(*) FROM mail_activity a
                    JOIN crm_scenario_run r ON r.id = a.scenario_run_id
                    WHERE a.active AND r.partner_id = ANY(%(ids)s) GROUP BY r.partner_id
                ) c GROUP BY c.partner_id
                """,
                done=metrics._contacts_sql(self.env.company, ids, today),
                ids=ids,
            )
        )
        return dict(rows)

    def _step_activity(self, step):
        """Schedule the host's activities, in one go and without an e-mail for each."""
        if not self:
            return
        owners = self._owners(step)
        target = self._target()
        # the host asks for the name of each record by itself: read them all at once before
        target.mapped("display_name")
        common = {
            "activity_type_id": self._activity_type(step),
            "note": step["note"] or False,
            "automated": True,
            "date_deadline": self.env["crm.segmentation"]._today(),
            "res_model_id": self.env["ir.model"]._get_id(target._name),
            "scenario_step_id": self._known_step(step["id"]),
        }
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {**common, "summary": run._summary(step), "res_id": run._target().id,
                 "user_id": owners.get(run.id, False), "scenario_run_id": run.id}
                for run in self
            ]
        )  # fmt: skip

    def _summary(self, step):
        return f"{step['name']} ({self.order_id.name})" if self.order_id else step["name"]

    def _activity_type(self, step):
        """The step's type; the host's 'to do' if it was deleted meanwhile."""
        found = self.env["mail.activity.type"].browse(step["type"]).exists()
        return found.id or self.env.ref("mail.mail_activity_data_todo").id

    def _step_prepare(self, step):
        """An activity for the salesperson, who looks at the e-mail before it leaves."""
        self._step_activity(step)

    def _step_email(self, step):
        """Send the template; who has no address is passed over."""
        template = self.env["mail.template"].browse(step["mail"]).exists()
        runs = self.filtered(lambda run: run._address())
        if template and runs:
            runs._target().message_post_with_source(
                template, message_type="auto_comment", subtype_xmlid="mail.mt_note"
            )

    def _address(self):
        return self.lead_id.email_from if self.lead_id else self.partner_id.email

    def _step_action(self, step):
        """Run the server action once for all of them, with all rights."""
        action = self.env["ir.actions.server"].browse(step["action"]).exists()
        target = self._target()
        if action and target:
            action.with_user(SUPERUSER_ID).with_context(
                active_model=target._name, active_ids=target.ids, active_id=target.ids[0]
            ).run()
