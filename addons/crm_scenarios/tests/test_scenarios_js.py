"""Components of the add-on in the browser."""

from odoo.addons.crm_segments.tests.common_js import HootCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestScenariosJs(HootCase):
    def test_components(self):
        self.run_components("crm_scenarios")
