"""For other programs: the customers of segments, page by page."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def search_members(self, limit=80, offset=0):
        """Customers who are in these segments now, in the current company.

        Ordered by when the stay was recorded, so that customers who join while
        somebody pages through come last and move nobody to another page.

        :param int limit: how many rows, at least 1
        :param int offset: how many rows to leave out
        :return: list of ``{"partner_id", "name", "segment_id", "since"}``, the date as
            ``YYYY-MM-DD``; only customers that the user may read, no archived ones
        :raises UserError: if limit or offset is no such number
        """
        self.check_access("read")
        self._check_page(limit, offset)
        Membership = self.env["crm.segment.membership"]
        domain = (
            Membership._current_domain(self.env.company)
            & fields.Domain("segment_id", "in", self.ids)
            # a query of the user's own, so that the rules on contacts hold
            & fields.Domain("partner_id", "in", self.env["res.partner"]._search([]))
        )
        found = Membership.search(domain, limit=limit, offset=offset, order="id")
        return [
            {
                "partner_id": one.partner_id.id,
                "name": one.partner_id.display_name,
                "segment_id": one.segment_id.id,
                "since": fields.Date.to_string(one.date_from),
            }
            for one in found
        ]

    def _check_page(self, limit, offset):
        for value, least in ((limit, 1), (offset, 0)):
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise UserError(
                    self.env._(
                        "limit is a whole number from 1, offset one from 0; not “%s”.", value
                    )
                )
