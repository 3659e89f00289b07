"""Pins: a person decides that a customer is in a segment, or out of it."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    pin_text = fields.Char("Pin", compute="_compute_pin_text")
    can_pin = fields.Boolean("You May Pin", compute="_compute_can_pin")

    @api.depends("pinned", "pin_reason", "pin_user_id", "pin_until")
    @api.depends_context("lang")
    def _compute_pin_text(self):
        for membership in self:
            membership.pin_text = membership.segmentation_id._pin_text(membership)

    @api.depends("partner_id")
    @api.depends_context("uid", "su")
    def _compute_can_pin(self):
        """One question for all where the user may pin all of them, as managers may."""
        everybody = self.partner_id._may_pin()
        for membership in self:
            membership.can_pin = everybody or membership.partner_id._may_pin()

    def _pin(self, partner, segment, pinned, reason, until=None):
        """Pin a customer in or out of a segment, in the current company.

        What was before stays as history; a stay that began today is replaced.

        :param partner: res.partner, a contact stands for its commercial entity
        :param str pinned: 'in' or 'out'
        :param str reason: why, for colleagues
        :param date until: the last day of the pin, None: until it is taken off
        :return: the pinned row
        :raises AccessError: for users who may not
        :raises UserError: without a reason, for a day that is over, or if the customer is
            already pinned in another segment of an exclusive segmentation
        """
        partner = partner.commercial_partner_id
        segment.check_access("read")
        partner._check_may_pin()
        self._check_pin(partner, segment, pinned, reason, until)
        # sudo: memberships are written by the engine; who may pin was checked above
        rows = self.sudo()._current_rows(partner, segment.segmentation_id)
        own = rows.filtered(lambda row: row.segment_id == segment)
        was_member = bool(own) and own.pinned != "out"
        values = {
            "origin": "manual",
            "pinned": pinned,
            "pin_reason": reason.strip(),
            "pin_user_id": self.env.uid,
            "pin_until": until or False,
        }
        left = rows._make_way(segment, pinned)
        if own and (own.pinned == pinned or (pinned == "in" and not own.pinned)):
            own.write(values)
        else:
            own._end_today()
            own = self.sudo().create({**self._prepare_pin_row(partner, segment), **values})
        self._pin_changed(partner, segment, was_member, pinned, left)
        return own.sudo(self.env.su)

    def _prepare_pin_row(self, partner, segment):
        return {
            "partner_id": partner.id,
            "segment_id": segment.id,
            "segmentation_id": segment.segmentation_id.id,
            "company_id": self.env.company.id,
            "date_from": self.env["crm.segmentation"]._today(),
        }

    def _current_rows(self, partner, segmentation):
        """Rows without an end, pinned out ones too, locked by nobody else."""
        return self.search([
            ("partner_id", "=", partner.id), ("segmentation_id", "=", segmentation.id),
            ("company_id", "=", self.env.company.id), ("date_to", "=", False),
        ])  # fmt: skip

    def _check_pin(self, partner, segment, pinned, reason, until):
        """Refuse what would be no decision."""
        if pinned not in ("in", "out"):
            raise UserError(self.env._("A customer is pinned in or out."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: colleagues will read it."))
        if until and until < self.env["crm.segmentation"]._today():
            raise UserError(self.env._("The last day of the pin is over already."))
        if segment.segmentation_id not in segment.segmentation_id._applying_to(self.env.company):
            raise UserError(self.env._(
                "“%(segmentation)s” doesn't divide the customers of %(company)s.",
                segmentation=segment.segmentation_id.name, company=self.env.company.name,
            ))  # fmt: skip
        if pinned == "in" and segment.segmentation_id.exclusive:
            self._check_no_other_pin(partner, segment)

    def _check_no_other_pin(self, partner, segment):
        """Where a customer is in one segment only, a second pin would contradict the first."""
        # sudo: the other pin may be a colleague's
        rows = self.sudo()._current_rows(partner, segment.segmentation_id)
        other = rows.filtered(lambda row: row.pinned == "in" and row.segment_id != segment)
        if other:
            raise UserError(self.env._(
                "%(customer)s is already in “%(segment)s”. %(why)s Take this pin off first: a "
                "customer is in one segment of “%(segmentation)s” only.",
                customer=partner.display_name, segment=other.segment_id.name,
                why=segment.segmentation_id._pin_text(other[:1]),
                segmentation=segment.segmentation_id.name,
            ))  # fmt: skip

    def _make_way(self, segment, pinned):
        """End the unpinned stay in another segment that a pin displaces; return its segments."""
        if pinned != "in" or not segment.segmentation_id.exclusive:
            return self.env["crm.segment"]
        others = self.filtered(lambda row: row.segment_id != segment and not row.pinned)
        left = others.segment_id
        others._end_today()
        return left

    def _end_today(self):
        """End these stays; one of today was never seen by anybody."""
        today = self.env["crm.segmentation"]._today()
        seen = self.filtered(lambda row: row.date_from < today)
        seen.write({"date_to": today})
        (self - seen).unlink()
        self.env.flush_all()

    def _pin_changed(self, partner, segment, was_member, pinned, left):
        """Tell what moved; who is pinned out finds another segment, and readers follow."""
        self._segments_changed_of(
            [(partner.id, segment.id)] if pinned == "in" and not was_member else [],
            [(partner.id, one.id) for one in left]
            + ([(partner.id, segment.id)] if pinned == "out" and was_member else []),
        )
        self._place_again(partner)

    def _segments_changed_of(self, joined, left):
        """Pass on who joined and left, as the engine does."""
        self.env["res.partner"].invalidate_model(
            ["segment_ids", "leading_segment_id", "segment_timeline"]
        )
        if joined or left:
            self.env["crm.segment.membership"].sudo()._tell_changed(joined, left)

    def _place_again(self, partners):
        self.env.flush_all()
        self.env["crm.segmentation"]._place(partners.ids)
        self.env["res.partner"].invalidate_model(["segment_timeline"])

    def action_unpin(self):
        """Take the pins off and let the rules decide again.

        Who had pinned, and why, stays readable on the stay.

        :raises AccessError: for users who may not pin these customers
        """
        self.check_access("read")
        pins = self.filtered(lambda row: row.pinned and not row.date_to)
        partners = pins.partner_id
        partners._check_may_pin()
        # sudo: memberships are written by the engine; who may was checked above
        every = pins.sudo().filtered(lambda row: row.pinned == "in")
        held, companies = every._first_each(), pins.company_id
        (every - held)._end_today()
        every = every.exists()
        every.write({"pinned": False, "pin_until": self.env["crm.segmentation"]._today()})
        # no rule keeps anybody where a segmentation is switched off
        off = held.filtered(lambda row: not row.segmentation_id.enabled)
        (pins.exists().sudo() - every + off)._end_today()
        for company in companies:
            self.with_company(company)._place_again(partners)
        # what the rule keeps is the rule's again
        held.exists().filtered(lambda row: not row.date_to).write({"origin": "rule"})
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _first_each(self):
        """Of several pins of a customer in a division that became exclusive since, the first."""
        kept = {}
        for row in self.sorted(lambda one: (one.segment_id.sequence, one.segment_id.id)):
            division = row.segmentation_id
            lane = division if division.exclusive else row.segment_id
            kept.setdefault((row.partner_id, row.company_id, lane), row)
        return self.filtered(lambda one: one in kept.values())

    def action_pin(self):
        """Ask for the reason of a pin of this customer in this segment."""
        self.ensure_one()
        action = self.partner_id.action_pin_segment()
        action["context"]["default_segment_id"] = self.segment_id.id
        return action
