"""What is done for running programmes at night."""

import logging

from odoo import api, models
from odoo.addons.crm_segments.models.each_company import each_company
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _nightly(self):
        """Plan running programmes again by the calendars as they are now, and warn."""
        for company in each_company(self.env):
            self._plan_company_again(company)
            self._warn_phases(company)

    @api.model
    def _plan_company_again(self, company):
        """Move dates and open activities of running programmes: holidays are entered later.

        :param company: res.company
        """
        running = self.search([("company_id", "=", company.id), ("state", "=", "running")])
        for programme in running.with_company(company):
            try:
                with self.env.cr.savepoint():  # one that can't be planned keeps no other back
                    programme.action_plan_again()
            except UserError as error:
                _logger.warning("%s isn't planned again: %s", programme.name, error)
