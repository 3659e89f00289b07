"""A programme in the browser: timeline, phases, table, paper; on a phone too."""

from odoo.tests import HttpCase, tagged

from .common_programme import ProgrammeCommon


class ProgrammeTourCommon(ProgrammeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.programme(user_id=cls.seller.id)
        phase = cls.env["crm.programme.phase"].create(
            {"programme_id": cls.plan.id, "name": "Preparation"}
        )
        first = cls.step(cls.plan, "Listen to the users", 16, phase_id=phase.id)
        cls.step(cls.plan, "Build it", 24, [first], phase_id=phase.id)

    def tour(self, name):
        """Play it as the salesperson whose programme it is."""
        self.start_tour(f"/odoo/crm-programmes/{self.plan.id}", name, login=self.seller.login)


@tagged("post_install", "-at_install")
class TestTourProgramme(ProgrammeTourCommon):
    def test_desktop(self):
        self.tour("crm_scenarios_programme")
        self.assertEqual(self.plan.ownership_years, 3)


@tagged("post_install", "-at_install")
class TestTourProgrammePhone(ProgrammeTourCommon):
    browser_size = "375x667"
    touch_enabled = True

    def test_phone(self):
        self.tour("crm_scenarios_programme_phone")
