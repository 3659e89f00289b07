"""Components of the add-on in the browser."""

from odoo.tests import tagged

from .common_js import HootCase


@tagged("post_install", "-at_install")
class TestSegmentsJs(HootCase):
    def test_components(self):
        self.run_components("crm_segments")
