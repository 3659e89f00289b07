"""The programme of the demonstration tells its story on whatever day it is built."""

from datetime import timedelta

from odoo.addons.crm_segments.tests.common import InvoiceCase
from odoo.tests import tagged

from tools.demo import programme as demo


@tagged("post_install", "-at_install")
class TestDemoProgramme(InvoiceCase):
    def story(self, today):
        """What is done, begun and warned of, if it is built on that day."""
        buyers = self.customer("Client")
        suppliers = self.customer("Hosting") | self.customer("Interfaces")
        programme = demo.run_programme(self.env, buyers, suppliers, today)
        states = {step.name: step.state for step in programme.step_ids}
        warned = programme.phase_ids.filtered("warned_on").mapped("name")
        return states, warned

    def test_every_day_of_the_week(self):
        monday = self.today - timedelta(days=self.today.weekday())
        stories = []
        for days in range(7):
            with self.env.cr.savepoint(flush=True) as savepoint:
                stories.append(self.story(monday + timedelta(days=days)))
                savepoint.rollback()
            self.env.invalidate_all()
        states, warned = stories[0]
        self.assertEqual(len(warned), 1, warned)
        self.assertLessEqual({"done", "begun", "todo"}, set(states.values()))
        self.assertEqual(stories, [stories[0]] * 7)
