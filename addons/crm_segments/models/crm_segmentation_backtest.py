"""What rules would have given at past month-ends, before they are saved."""

import time

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..lib.month_ends import month_ends
from .draft import read_rules, shadow_rules
from .past import Past, shadow_tables
from .stored_domain import domain_field_paths

#: seconds after which a backtest gives up; it ends with the month-end that is played then
BACKTEST_SECONDS = 90


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def backtest(self, vals=None, months=12):
        """How many customers each segment would have had at past month-ends. Saves nothing.

        The month-ends are played as :meth:`backfill` plays them, with the rules as if ``vals``
        were saved; pins count today only. Nobody who saves rules meanwhile has to wait.
        Called on no record, it is the backtest of a new segmentation with ``vals``.

        :param dict vals: values as for ``write`` or ``create``, of the segments too
        :param int months: how many month-ends before today, 1 to 120
        :return: dict with ``days`` (ISO dates, oldest first, today last); ``segments``: id,
            name, color, ``members`` (customers on each day) and ``revenue`` (theirs, of the
            12 months up to each day; None where hidden); ``taken_as_today`` (labels of the
            fields without a history); ``unknown_before`` (``name`` of segmentations whose
            members are read, and ``since`` when those are known: ISO date or False);
            ``currency_id``, ``seconds``
        :raises ValidationError: with what is wrong with the rules, in words
        :raises UserError: if it takes too long, or ``months`` is no such number
        :raises AccessError: for users who may not manage segmentations
        """
        self._check_preview()
        self._check_months(months)
        started = time.monotonic()
        with self._undone() as env:
            now = self.with_env(env)._backtest_now(dict(vals or {}), months)
        with self._undone() as env:
            played = self.with_env(env)._backtest_past(now, started)
        return self._backtest_result(now, played, started)

    def _backtest_now(self, vals, months):
        """The rules as they would be, and what they give today."""
        me, company, names = self._note_preview(vals)
        rows = {row["id"]: row for row in me._moved_by_segment(company, names)}
        days = month_ends(me._today(), months)
        return {
            "id": me.id,
            "company": company.id,
            "days": days,
            "today": me._today(),
            "segments": [rows[one] for one in me.segment_ids.ids],
            "taken_as_today": me._labels_without_past(),
            "unknown_before": me._unknown_before(company, days[0]),
            "currency_id": company.currency_id.id,
            "rules": read_rules(me.env),
        }

    def _backtest_past(self, now, started):
        """Play the month-ends with these rules.

        :return: list of dicts, one per month-end: segment id → (customers, revenue)
        """
        # sudo: rules hold for everybody; who may change them was checked when they were written
        me = self.sudo().browse(now["id"])
        company = self.env["res.company"].browse(now["company"])
        money = self._moves_show_money()
        played = []

        def watch(_day):
            played.append(me._members_played(company, money))
            if time.monotonic() - started > BACKTEST_SECONDS and len(played) < len(now["days"]):
                raise UserError(me.env._("Looking back takes too long with so many customers."))

        with shadow_rules(self.env, now["rules"]), shadow_tables(self.env) as schema:
            failed = me._play(company, {me: now["days"]}, schema, watch, ["revenue_12m"])
        if failed:
            raise ValidationError(self._plain_error(failed[me])) from failed[me]
        return played

    def _members_played(self, company, money):
        """Segment id → (customers, revenue of 12 months) at the month-end just played."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.segment_id, COUNT(*), COALESCE(SUM(f.revenue_12m), 0)::float
                FROM crm_segment_membership m
                LEFT JOIN crm_customer_metrics f
                  ON f.partner_id = m.partner_id AND f.company_id = m.company_id AND %s
                WHERE m.segmentation_id = %s AND m.company_id = %s AND m.date_to IS NULL
                GROUP BY m.segment_id
                """,
                money,
                self.id,
                company.id,
            )
        )
        return {segment_id: figures for segment_id, *figures in rows}

    def _backtest_result(self, now, played, started):
        """What :meth:`backtest` returns."""
        days = [*now["days"], now["today"]]
        return {
            "days": [fields.Date.to_string(day) for day in days],
            "segments": [self._backtest_line(row, played) for row in now["segments"]],
            "taken_as_today": now["taken_as_today"],
            "unknown_before": now["unknown_before"],
            "currency_id": now["currency_id"],
            "seconds": round(time.monotonic() - started, 2),
        }

    def _backtest_line(self, row, played):
        past = [day.get(row["id"], (0, 0.0)) for day in played]
        members = [count for count, _revenue in past]
        revenue = [amount for _count, amount in past]
        hidden = row["revenue"] is False
        return {
            "id": row["id"],
            "name": row["name"],
            "color": row["color"],
            "members": [*members, row["joined"] + row["stays"]],
            "revenue": None if hidden else [*revenue, row["revenue"]],
        }

    def _labels_without_past(self):
        """Labels of the fields that decide and have no history, as far as the user sees them."""
        domains = [self._population_domain()]
        if self.method == "rule":
            domains += [one._rule_domain() for one in self._ruled_segments()]
        paths = [path for domain in domains for path in domain_field_paths(domain)]
        paths += [self.sudo().field_id.name] if self.method == "field" else self._figures_read()
        Partner = self.env["res.partner"]
        names = Past(None).taken_as_today(paths, Partner)
        # who was a customer is known by the day that somebody was entered, or bought
        names = [name for name in names if name != "is_crm_customer"]
        described = Partner.fields_get(names, ["string"])
        return [described[name]["string"] for name in names if name in described]

    def _unknown_before(self, company, first):
        """Segmentations whose members are read, but not known on the first day."""
        read = self.browse(sorted(self._segmentation_references().get(self.id, ())))
        since = {one: one.sudo()._known_since(company) for one in read._filtered_access("read")}
        return [
            {"name": one.name, "since": fields.Date.to_string(day) or False}
            for one, day in since.items()
            if not day or day > first
        ]

    def _known_since(self, company):
        """The first day of the stays, computed or lived."""
        return self._first_day(
            SQL(
                "SELECT MIN(date_from) FROM crm_segment_membership"
                " WHERE segmentation_id = %s AND company_id = %s",
                self.id,
                company.id,
            )
        )
