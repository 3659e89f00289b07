"""Own components in the browser, by the host's unit test runner."""

from odoo.addons.web.tests import test_js
from odoo.tests import HttpCase


class HootCase(HttpCase):
    """Runs the unit tests of one add-on."""

    def run_components(self, module):
        """Run the tests of the add-on's components; fail as they fail.

        :param str module: name of the add-on
        """
        # the class itself would bring its own tests along
        suite = test_js.HOOTCommon._generate_hash(self, f"@{module}")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
