"""Customers who fell to 'At Risk'."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: shipped segments that say so
AT_RISK = ("crm_segments.segment_lifecycle_at_risk", "crm_segments.segment_rfm_at_risk")
#: days that the list behind the digest looks back
_DAYS = 30


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _at_risk(self, companies):
        """The shipped segments that say so, as far as they are in use in one of the companies."""
        # sudo: a segment of a company that the reader can't see is just left out
        found = self.env["crm.segment"].sudo()
        for name in AT_RISK:
            found |= (self.env.ref(name, raise_if_not_found=False) or found.browse()).sudo()
        return found.filtered(
            lambda one: (
                one.active
                and one.segmentation_id.enabled
                and (not one.company_id or one.company_id in companies)
            )
        )

    @api.model
    def _fallen_domain(self, companies, start, end):
        """Stays 'at risk' of customers who came there from another segment.

        The first stay in a segmentation is no fall, nor is one that goes on where the stay that
        was computed for the past ends.

        :param date start: day after which they fell
        :param date end: last day
        """
        self.flush_model()
        fallen = self._search(
            Domain("segment_id", "in", self._at_risk(companies).ids)
            & Domain("company_id", "in", companies.ids)
            & Domain("date_from", ">", start)
            & Domain("date_from", "<=", end)
            & (Domain("pinned", "=", False) | Domain("pinned", "=", "in"))
            & Domain("partner_id.active", "=", True)
        )
        fallen.add_where(
            SQL(
                """
                EXISTS (SELECT FROM crm_segment_membership b
                    WHERE b.partner_id = %(stay)s.partner_id AND b.company_id = %(stay)s.company_id
                      AND b.segmentation_id = %(stay)s.segmentation_id
                      AND b.date_to = %(stay)s.date_from AND b.pinned IS DISTINCT FROM 'out'
                      AND b.segment_id <> %(stay)s.segment_id)
                AND NOT EXISTS (SELECT FROM crm_segment_membership b
                    WHERE b.partner_id = %(stay)s.partner_id AND b.company_id = %(stay)s.company_id
                      AND b.segment_id = %(stay)s.segment_id AND b.date_to = %(stay)s.date_from
                      AND b.pinned IS DISTINCT FROM 'out')
                """,
                stay=SQL.identifier(fallen.table),
            )
        )
        return Domain("id", "in", fallen)

    @api.model
    def _fallen_action(self):
        """Window with those of the last month, in the companies that are switched on."""
        today = self.env["crm.segmentation"]._today()
        start = fields.Date.subtract(today, days=_DAYS)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_segment_membership_action"
        )
        fallen = self.search(self._fallen_domain(self.env.companies, start, today))
        action.update(
            display_name=self.env._("Fell to At Risk in the Last %s Days", _DAYS),
            domain=[("id", "in", fallen.ids)],
            context={"search_default_group_segmentation": 1},
        )
        return action
