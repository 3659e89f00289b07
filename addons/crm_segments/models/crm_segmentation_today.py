"""What the screens that read the members of today share."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

#: customers that a cell opens at most
MAX_OPENED = 10_000


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _stays_today_sql(self):
        """SELECT of (partner_id, segment_id, code, pinned): who counts as a member now.

        The same stays as in ``member_count``: of the current company, without pins out and
        archived customers. Flushes what it reads.
        """
        # sudo: callers check the access to the segmentation; the company is named below
        Membership = self.env["crm.segment.membership"].sudo()
        self.env["crm.customer.metrics"].flush_model()
        query = Membership._search(
            Membership._current_domain(self.env.company)
            & Domain("segmentation_id", "=", self.id)
            & Domain("partner_id.active", "=", True)
        )
        names = ("partner_id", "segment_id", "code", "pinned")
        return query.select(*[Membership._field_to_sql(query.table, one, query) for one in names])

    def _open_customers(self, title, partners):
        """Action on the customers of a figure.

        :param str title: what they have in common
        :param SQL partners: SELECT of their ids
        """
        rows = self.env.execute_query(SQL("%s LIMIT %s", partners, MAX_OPENED + 1))
        return self._open_found(title, [partner_id for (partner_id,) in rows])

    def _open_found(self, title, ids):
        """Action on customers that were found, one more than are opened where there are more."""
        if len(ids) > MAX_OPENED:
            ids = ids[:MAX_OPENED]
            title = self.env._("%(title)s (%(count)s of more)", title=title, count=MAX_OPENED)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_segment_customer_action"
        )
        return {**action, "display_name": title, "domain": [("id", "in", ids)], "context": {}}

    def _reading_state(self):
        """Whether there is something to read, and whether the user may change that."""
        return {
            "name": self.name,
            "enabled": self.enabled,
            "run": self.last_run_state,
            "can_run": self.has_access("write"),
        }
