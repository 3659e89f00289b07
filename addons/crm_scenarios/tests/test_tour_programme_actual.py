"""In the browser: plan and actual of a programme, by vendor, and its quotation."""

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common_programme_actual import ProgrammeActualCase


@tagged("post_install", "-at_install")
class TestTourProgrammeActual(ProgrammeActualCase, HttpCase):
    def test_plan_and_actual(self):
        user = new_test_user(
            self.env, "programme_tour",
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        self.bill(6000, self.one.account_id)
        self.bill(300, self.two.account_id, post=False)
        self.bill(70, self.work.account_id)
        self.start_tour(
            f"/odoo/crm-programmes/{self.work.id}", "crm_scenarios_programme_actual",
            login=user.login,
        )  # fmt: skip
        order = self.env["sale.order"].search([("crm_programme_id", "=", self.work.id)])
        self.assertEqual((len(order), order.user_id), (1, user))
