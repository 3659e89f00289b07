"""'Today': one ranked list of what a salesperson does next."""

from collections import defaultdict
from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..lib.today_rank import Line, money_at_stake, rank
from .asked_record import asked_record

#: more lines at once nobody works through
MOST = 50


def _first(reasons, name):
    return next((one[name] for one in reasons if one.get(name)), False)


class CrmToday(models.AbstractModel):
    """The list is made anew each time from the host's activities and meetings, messages and
    figures of customers; it keeps nothing but the ledger of advice (``crm.advice``).

    What there is to do with one customer is one line. A source is a method
    ``_source_<name>(today)`` that gives dicts: ``source``, ``text``, ``partner_id`` or
    ``lead_id``, and optionally ``activity_id``, ``event_id``, ``run_id``, ``until`` (date),
    ``stake`` (money at stake, None: not known), ``measured`` (money that depends on acting by a
    hold-out), ``overdue`` (days beyond the interval), ``urgent``.
    """

    _name = "crm.today"
    _description = "Today"

    @api.model
    def actions(self, limit=10):
        """What the user does next, best first.

        :param int limit: most lines, up to 50
        :return: dict with ``lines``, ``more`` (how many are left out), ``currency_id``,
            ``share`` (of the money at stake that is taken to depend on acting). A line has
            ``key``, ``name``, ``phone``, ``partner_id``, ``lead_id``, ``reasons`` (dicts with
            ``source``, ``text``, ``until``, ``activity_id`` …), ``money`` and ``basis``
            (``measured`` against a hold-out or ``estimate``; money None: not known)
        :raises AccessError: for users who neither sell nor manage segments
        """
        self._check_user()
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise UserError(self.env._("The limit is a whole number from 1."))
        lines = self._lines(self._reasons())
        order = rank(
            [Line(key, line["money"], line["overdue"], line["urgent"], line["priority"])
             for key, line in lines.items()], min(limit, MOST),
        )  # fmt: skip
        shown = [lines[key] for key in order]
        self._add_names(shown)
        self._add_products(shown)
        self._note_shown(shown)
        return {
            "lines": shown,
            "more": len(lines) - len(shown),
            "currency_id": self.env.company.currency_id.id,
            "share": self.env.company.sudo().crm_scenario_share / 100,  # sudo: a setting
        }

    @api.model
    @api.readonly
    def next_for(self, partner_id=None, lead_id=None):
        """The user's line of one customer or lead, as it would stand in the list.

        :param int partner_id: id of a contact, or
        :param int lead_id: id of a lead
        :return: dict ``line`` as in :meth:`actions` (False: nothing to do there for the user),
            ``currency_id``, ``share``
        """
        self._check_user()
        ask = partial(asked_record, self.env)
        lead = ask("crm.lead", lead_id) if lead_id else self.env["crm.lead"]
        contact = lead.partner_id if lead_id else ask("res.partner", partner_id)
        customer = contact.sudo().commercial_partner_id  # sudo: its id only
        reasons = [
            one for one in self._reasons()
            if lead and one.get("lead_id") == lead.id
            or customer and one.get("partner_id") == customer.id
        ]  # fmt: skip
        lines = list(self._lines(reasons).values())[:1]
        self._add_names(lines)
        self._add_products(lines)
        return {
            "line": lines[0] if lines else False,
            "currency_id": self.env.company.currency_id.id,
            "share": self.env.company.sudo().crm_scenario_share / 100,  # sudo: a setting
        }

    def _check_user(self):
        if not (self.env.su or self.env.user.has_groups(
            "sales_team.group_sale_salesman,crm_segments.group_segments_manager")):  # fmt: skip
            raise AccessError(self.env._("“Today” is for salespeople."))

    def _sources(self):
        """Names of the sources, in the order of their reasons on a line."""
        return ("activities", "meetings", "messages", "due")

    def _reasons(self):
        today = self.env["crm.segmentation"]._today()
        found = []
        for name in self._sources():
            found += getattr(self, f"_source_{name}")(today)
        return self._without_put_off(found, today)

    def _without_put_off(self, reasons, today):
        """Leave out what the user has put off or refused; activities have their own date."""
        # sudo: own rows of the ledger, whoever may read it
        rows = self.env["crm.advice"].sudo().search_fetch(
            [("user_id", "=", self.env.uid), ("company_id", "=", self.env.company.id),
             ("date_until", ">", today)], ["partner_id", "lead_id", "source"],
        )  # fmt: skip
        # who doesn't want to buy isn't reminded of buying, whichever line said so
        off = {(row.partner_id.id, "due") for row in rows if row.partner_id}
        off |= {(row.partner_id.id or row.lead_id.id, row.source) for row in rows}
        return [
            one for one in reasons
            if one.get("activity_id")
            or (one.get("partner_id") or one.get("lead_id"), one["source"]) not in off
        ]

    def _lines(self, reasons):
        """Reasons by customer (or lead, or activity of nobody): one line each."""
        groups = defaultdict(list)
        for one in reasons:
            groups[self._key(one)].append(one)
        self._add_stakes(reasons)
        return {key: self._line(key, found) for key, found in groups.items()}

    def _key(self, reason):
        if reason.get("partner_id"):
            return f"p{reason['partner_id']}"
        if reason.get("lead_id"):
            return f"l{reason['lead_id']}"
        return f"a{reason.get('activity_id') or 0}e{reason.get('event_id') or 0}"

    def _line(self, key, reasons):
        share = self.env.company.sudo().crm_scenario_share / 100  # sudo: a setting
        measured = [one["measured"] for one in reasons if one.get("measured") is not None]
        stakes = [one["stake"] for one in reasons if one.get("stake") is not None]
        estimate = money_at_stake(max(stakes, default=None), share)
        return {
            "key": key,
            "partner_id": _first(reasons, "partner_id"),
            "lead_id": _first(reasons, "lead_id"),
            "reasons": reasons,
            "money": max(measured) if measured else estimate,
            "basis": "measured" if measured else "estimate",
            "overdue": max((one.get("overdue") or 0 for one in reasons), default=0),
            "urgent": any(one.get("urgent") for one in reasons),
            "priority": max((one.get("priority") or 0 for one in reasons), default=0),
            "until": min((one["until"] for one in reasons if one.get("until")), default=False),
        }

    def _add_stakes(self, reasons):
        """An average purchase is at stake with a customer whose figures the user may see."""
        ids = {one["partner_id"] for one in reasons if one.get("partner_id")}
        partners = self.env["res.partner"].browse(ids)._filtered_access("read")
        amounts = {
            one.id: one.average_purchase if one.metrics_visible and one.purchase_count else None
            for one in partners
        }
        for one in reasons:
            if one.get("stake") is None:
                one["stake"] = amounts.get(one.get("partner_id"))

    def _add_names(self, lines):
        """Name, number and segments, of records that the user may read."""
        partners = self._readable("res.partner", "partner_id", lines)
        leads = self._readable("crm.lead", "lead_id", lines)
        badges = self.env["res.partner"]._has_field_access(
            self.env["res.partner"]._fields["segment_ids"], "read"
        )
        for line in lines:
            partner = partners.get(line["partner_id"], self.env["res.partner"])
            lead = leads.get(line["lead_id"], self.env["crm.lead"])
            fallback = line["reasons"][0]["text"]
            line["name"] = partner.display_name or lead.partner_name or lead.name or fallback
            line["lead"] = lead.name or ""
            line["phone"] = lead.phone or partner.phone or ""
            line["segment"] = partner.leading_segment_id.name if partner and badges else ""
            line["readable"] = bool(partner or lead)

    def _readable(self, model, name, lines):
        ids = [line[name] for line in lines if line[name]]
        return {one.id: one for one in self.env[model].browse(ids)._filtered_access("read")}

    def _add_products(self, lines):
        """What a customer whose purchase is due usually buys again."""
        seller = self.env.user.has_group("sales_team.group_sale_salesman")
        for line in lines:
            line["products"] = []
            due = any(one["source"] == "due" for one in line["reasons"])
            if due and seller and line["readable"]:
                found = self.env["crm.recommendation"].recommend(
                    partner_id=line["partner_id"], limit=3
                )
                line["products"] = [one["name"] for one in found["again"]]

    def _note_shown(self, lines):
        """The ledger: what was shown; one row per line, of its first reason."""
        notes = [
            {**line["reasons"][0], "partner_id": line["partner_id"], "lead_id": line["lead_id"]}
            for line in lines
        ]
        self.env["crm.advice"].sudo()._note("shown", notes)  # sudo: written here only
