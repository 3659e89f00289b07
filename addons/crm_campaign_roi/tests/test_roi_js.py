"""Own components in the browser, by the host's unit test runner."""

from odoo.addons.web.tests import test_js
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestRoiJs(HttpCase):
    def test_components(self):
        # the class itself would bring its own tests along
        suite = test_js.HOOTCommon._generate_hash(self, "@crm_campaign_roi")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
