"""The customer's way through the segments, for the form."""

from itertools import groupby

from odoo import api, fields, models
from odoo.tools import format_date

#: stays that a form shows at most
LIMIT = 500


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    segment_timeline = fields.Json(
        compute="_compute_segment_timeline",
        groups="crm_segments.group_segments_user",
        export_string_translation=False,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_segment_timeline(self):
        """Stays by segmentation in the current company, of all these customers at once."""
        divisions = self._timeline_segmentations()
        stays = self._timeline_stays(divisions)
        for partner in self:
            own = stays.get(partner.commercial_partner_id._origin.id, [])
            partner.segment_timeline = {
                "partner_id": partner.commercial_partner_id._origin.id,
                "can_pin": bool(partner._origin) and partner.commercial_partner_id._may_pin(),
                "today": fields.Date.to_string(self.env["crm.segmentation"]._today()),
                "lines": [
                    self._timeline_line(
                        division, [one for one in own if one.segmentation_id == division]
                    )
                    for division in divisions
                ],
            }

    def _timeline_segmentations(self):
        """Divisions in use in the current company."""
        found = self.env["crm.segmentation"].search([("enabled", "=", True)])
        return found._applying_to(self.env.company)

    def _timeline_stays(self, divisions):
        """Id of each customer → its memberships, oldest first."""
        memberships = self.env["crm.segment.membership"].search(
            [
                ("partner_id", "in", self.commercial_partner_id._origin.ids),
                ("company_id", "=", self.env.company.id),
                ("segmentation_id", "in", divisions.ids),
            ],
            order="partner_id, date_from DESC, id DESC",
            limit=LIMIT * max(len(self), 1),
        )
        grouped = groupby(memberships, lambda one: one.partner_id.id)
        return {partner_id: list(rows)[:LIMIT][::-1] for partner_id, rows in grouped}

    def _timeline_line(self, division, stays):
        return {
            "id": division.id,
            "name": division.name,
            "exclusive": division.exclusive,
            "sentence": self._timeline_sentence(stays),
            "segments": [
                {"id": one.id, "name": one.name, "color": one.color}
                for one in division.segment_ids.filtered("active")
            ],
            "stays": [self._timeline_stay(one) for one in stays],
        }

    def _timeline_stay(self, stay):
        return {
            "id": stay.id,
            "segment_id": stay.segment_id.id,
            "name": stay.segment_id.name,
            "color": stay.segment_id.color,
            "from": fields.Date.to_string(stay.date_from),
            "to": fields.Date.to_string(stay.date_to) or False,
            "period": self._timeline_period(stay),
            "origin": stay.origin,
            "pinned": stay.pinned or False,
            "pin_text": stay.segmentation_id._pin_text(stay),
        }

    def _timeline_period(self, stay):
        start = format_date(self.env, stay.date_from)
        if not stay.date_to:
            return self.env._("since %s", start)
        end = format_date(self.env, fields.Date.subtract(stay.date_to, days=1))
        return self.env._("%(start)s – %(end)s", start=start, end=end)

    def _timeline_sentence(self, stays):
        """``Champions since March 2026, before that Loyal``."""
        stays = [one for one in stays if one.pinned != "out"]
        current = [one for one in stays if not one.date_to]
        if not current:
            last = max(stays, key=lambda one: one.date_to, default=None)
            if not last:
                return ""
            return self.env._("In no segment now, before that %s", last.segment_id.name)
        parts = [self._timeline_since(one, stays) for one in current]
        before = self._timeline_before(current, stays) if len(current) == 1 else None
        text = ", ".join(parts)
        if not before:
            return text
        return self.env._("%(now)s, before that %(before)s", now=text, before=before.name)

    def _timeline_since(self, current, stays):
        month = format_date(self.env, self._timeline_start(current, stays), date_format="MMMM y")
        return self.env._(
            "%(segment)s since %(month)s", segment=current.segment_id.name, month=month
        )

    def _timeline_start(self, current, stays):
        """The day from which the customer is in the segment without a gap."""
        start = current.date_from
        for stay in reversed(stays):
            if stay.segment_id == current.segment_id and stay.date_to == start:
                start = stay.date_from
        return start

    def _timeline_before(self, current, stays):
        earlier = [one for one in stays if one.date_to and one.segment_id != current[0].segment_id]
        return max(earlier, key=lambda one: (one.date_to, one.id)).segment_id if earlier else None
