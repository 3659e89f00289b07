"""Random histories: the engine against a rebuild from nothing and a plain model of it.

``SEGMENTS_SEED`` repeats a run, ``SEGMENTS_SEQUENCES`` changes the number of histories.
"""

import logging
import os
import random
from datetime import date, timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from . import sequences
from .common import InvoiceCase, SegmentsCase
from ..models.touched import collect_touched
from .reference_model import Reference, Stay, World

_logger = logging.getLogger(__name__)

#: divisions that are switched on together, so that a history takes a fraction of a second
GROUPS = {
    "of rules": ("states", "tags", "levels", "nested"),
    "of values": ("industry", "deals", "near", "slow"),
    "of dates": ("stages", "patient", "sticky", "rhythm"),
    "of shares": ("pareto", "soft", "calm"),
    "of scores": ("rfm", "cells"),
}
BEFORE = date(2020, 1, 1)


class Sequences:
    """Plays histories in the database, each in a savepoint, and compares."""

    @classmethod
    def set_up_sequences(cls):
        cls.seed = os.environ.get("SEGMENTS_SEED") or str(random.randrange(10**6))
        cls.industries = {
            name: cls.env["res.partner.industry"].create({"name": name}).id
            for name in sequences.INDUSTRIES
            if name
        }
        cls.won = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.divisions = sequences.divisions()
        cls.day = BEFORE
        cls.env = cls.env(context={**cls.env.context, "segments_today": BEFORE})
        cls.records = {division.name: cls._make_division(division) for division in cls.divisions}
        for division in cls.divisions:
            cls._link(division)
        with mute_logger("odoo.addons.crm_segments.models.crm_segmentation_place"):
            cls.first = {
                name: cls.customer(name, is_company=name in sequences.COMPANIES, ref="SEQ").id
                for name in sequences.CUSTOMERS
            }
        cls.env["crm.segmentation"].union(*cls.records.values()).run()

    @classmethod
    def _make_division(cls, division):
        values = {
            "name": division.name,
            "company_id": cls.company.id,
            "domain": "[('is_crm_customer', '=', True), ('ref', '=', 'SEQ')]",
            "exclusive": division.exclusive,
            "minimum_stay_days": division.stay,
            "margin": division.margin,
        }
        if division.method in ("tier", "abc"):
            values["metric"] = division.metric
        if division.method == "field":
            values["field_id"] = cls.env["ir.model.fields"]._get("res.partner", division.metric).id
        segments = {
            one.name: {
                "domain": sequences.RULES[one.rule][0] if one.rule else "[]",
                "threshold": one.threshold,
                "is_rest": one.rest,
            }
            for one in division.segments
            if division.method != "field" or one.rest
        }
        if division.method == "rfm":
            segments = cls._grid(division)
        return cls.segmentation(division.method, segments, **values)

    @classmethod
    def _grid(cls, division):
        usual = cls.env["crm.segmentation"]._default_segments_rfm()
        for one in usual:
            rest = one.get("is_rest", False)
            division.segments.append(sequences.Segment("Rest" if rest else one["name"], rest=rest))
            division.grid.update(dict.fromkeys(one.get("rfm_codes", "").split(), one["name"]))
        return {
            segment.name: {k: v for k, v in one.items() if k not in ("name", "sequence")}
            for segment, one in zip(division.segments, usual, strict=True)
        }

    @classmethod
    def _link(cls, division):
        for segment in division.segments:
            if segment.include or segment.exclude:
                cls.segment_of(division.name, segment.name).write(
                    {
                        "include_segment_ids": cls._ids(segment.include),
                        "exclude_segment_ids": cls._ids(segment.exclude),
                    }
                )

    @classmethod
    def _ids(cls, names):
        return [Command.set([cls.segment_of(*pair).id for pair in names])]

    @classmethod
    def segment_of(cls, division, name):
        """The segment of a division by their names."""
        segments = cls.records[division].segment_ids
        return segments.filtered(lambda one: one.name == name)

    # One history.

    def switch_on(self, group):
        """Only these divisions, without the writes that switching off means."""
        names = set(group)
        for name, record in self.records.items():
            self.env.execute_query(
                SQL("UPDATE crm_segmentation SET enabled = %s WHERE id = %s RETURNING id",
                    name in names, record.id)
            )  # fmt: skip
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.group = [name for name in self.records if name in names]

    def play(self, start, events):
        """Play a history from day ``start``; raise AssertionError where the engine differs."""
        self.cr.flush()
        savepoint = self.cr.savepoint()
        self.redefined = False
        try:
            self._begin(start)
            for event in events:
                self._apply(event)
            self._finish()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
            if self.redefined:
                self.env.registry.clear_cache()

    def _begin(self, start):
        self.partners = {
            name: self.env["res.partner"].browse(partner) for name, partner in self.first.items()
        }
        self.names = {partner: name for name, partner in self.first.items()}
        self.defined = {one.name: one for one in sequences.divisions() if one.name in self.group}
        for name, one in self.defined.items():
            if one.method == "rfm":
                made = next(other for other in self.divisions if other.name == name)
                one.segments, one.grid = made.segments, made.grid
        self.model = Reference(self.defined.values())
        self._set_day(BEFORE)
        self.model.place(self._world())
        self._set_day(start)

    def _set_day(self, day):
        self.day = day
        self.env = self.env(context={**self.env.context, "segments_today": day})
        for name, partner in self.partners.items():
            self.partners[name] = partner.with_env(self.env)

    def _apply(self, event):
        ranked = getattr(self, f"_do_{event[0]}")(*event[1:])
        if ranked == "nothing":
            return
        self._work_queue()
        self.model.place(self._world(), ranked)
        self._compare_with_model()

    def _work_queue(self):
        Cron = type(self.env["ir.cron"])
        with patch.object(Cron, "_commit_progress", lambda *_args, **_values: 10):
            self.env["crm.segment.queue"]._process()

    def _finish(self):
        """What events gave equals what a run gives that finds nothing stored."""
        if any(self.defined[name].ranks for name in self.group):
            self._do_days(0)
            self.model.place(self._world())
            self._compare_with_model()
        plain = [name for name in self.group if self.defined[name].plain]
        stored = self._members()
        self._forget_everything()
        self.run_all(plain)
        rebuilt = self._members()
        for name in plain:
            self.assertEqual(stored[name], rebuilt[name], f"{name}: stored, then rebuilt")

    def run_all(self, names=None):
        """The nightly run."""
        runs = self._segmentations(names).run()
        self.assertEqual(set(runs.mapped("state")), {"done"}, runs.mapped("error"))

    def _segmentations(self, names=None):
        ids = [self.records[name].id for name in names or self.group]
        return self.env["crm.segmentation"].browse(ids)

    def _forget_everything(self):
        self.env.flush_all()
        self.env.execute_query(
            SQL("DELETE FROM crm_segment_membership WHERE pinned IS NULL RETURNING id")
        )
        self.env.execute_query(SQL("DELETE FROM crm_customer_metrics RETURNING id"))
        self.env.invalidate_all()

    # Events: each returns the names of the customers whose figures may have changed, None
    # for a run of everybody.

    def _alive(self, *names):
        return all(name in self.partners for name in names)

    def _owner(self, name):
        return self.names[self.partners[name].commercial_partner_id.id]

    def _do_invoice(self, who, amount, ago):
        return self._document(who, amount, ago, refund=False)

    def _do_refund(self, who, amount, ago):
        return self._document(who, amount, ago, refund=True)

    def _document(self, who, amount, ago, refund):
        if not self._alive(who):
            return "nothing"
        self._insert_document(self.partners[who], amount, self.day - timedelta(ago), refund)
        return {self._owner(who)}

    def _insert_document(self, partner, amount, day, refund):
        """By SQL, as an import does; then what an import does about it."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_sales_history (source_id, company_id, partner_id, date, document,
                    position, is_refund, currency_id, amount_untaxed, amount_company)
                SELECT %(source)s, %(company)s, %(partner)s, %(day)s,
                       'D' || nextval('crm_sales_history_id_seq'), 1, %(refund)s, %(currency)s,
                       %(amount)s, %(amount)s RETURNING id
                """,
                source=self.source.id,
                company=self.company.id,
                partner=partner.id,
                day=day,
                refund=refund,
                currency=self.company.currency_id.id,
                amount=-amount if refund else amount,
            )
        )
        self.env["crm.segment.queue"]._push(partner.ids)

    def _do_days(self, days):
        self._set_day(self.day + timedelta(days))
        self.run_all()

    def _do_save(self, who, name, value):
        if not self._alive(who):
            return "nothing"
        self.partners[who][name] = self.industries.get(value) if name == "industry_id" else value
        return set()

    def _do_archive(self, who, active=False):
        if not self._alive(who):
            return "nothing"
        self.partners[who].active = active
        return {who, self._owner(who)}

    def _do_unarchive(self, who):
        return self._do_archive(who, active=True)

    def _do_move(self, who, where):
        if not self._alive(who) or where and not self._alive(where):
            return "nothing"
        before = self._owner(who)
        self.partners[who].parent_id = self.partners[where] if where else False
        return {who, before, self._owner(who)}

    def _do_create(self, who, city, industry):
        if self._alive(who):
            return "nothing"
        partner = self.env["res.partner"].create(
            {"name": who, "is_company": True, "ref": "SEQ", "city": city,
             "industry_id": self.industries.get(industry)}
        )  # fmt: skip
        self.partners[who] = partner
        self.names[partner.id] = who
        return {who}

    def _do_delete(self, who):
        if not self._alive(who):
            return "nothing"
        partner = self.partners[who].with_context(active_test=False)
        if partner.child_ids or self._has_facts(partner):
            return "nothing"
        owner = self._owner(who)
        partner.unlink()
        del self.partners[who]
        self.model.forget(who)
        return {owner} - {who}

    def _has_facts(self, partner):
        world = self._world()
        name = self.names[partner.id]
        return any(one[0] == name for one in (*world.documents, *world.leads))

    def _do_merge(self, src, dst):
        if not self._alive(src, dst):
            return "nothing"
        source, target = self.partners[src], self.partners[dst]
        related = source.parent_id == target or target.parent_id == source
        if related or not (source.active and target.active):
            return "nothing"
        days = self._days_covered(src, dst)
        owner = self._owner(src)
        self._merge(source, target)
        self.env.invalidate_all()
        del self.partners[src]
        self.model.merge(src, dst, self.day)
        self._check_days_kept(days, dst)
        return {dst, owner, self._owner(dst)} - {src}

    def _merge(self, source, target):
        """The host's wizard, which looks only at the tables that these histories fill."""
        Wizard = type(self.env["base.partner.merge.automatic.wizard"])
        tables = [
            ("res_partner", "parent_id"), ("res_partner", "commercial_partner_id"),
            ("crm_lead", "partner_id"), ("crm_sales_history", "partner_id"),
            ("crm_segment_membership", "partner_id"), ("crm_customer_metrics", "partner_id"),
            ("crm_segment_queue", "partner_id"),
        ]  # fmt: skip
        with (
            patch.object(Wizard, "_get_fk_on", lambda *_args: tables),
            patch.object(Wizard, "_update_reference_fields", lambda *_args: None),
        ):
            self._merge_by_wizard(source, target)

    def _merge_by_wizard(self, source, target):
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": (source | target).ids, "dst_partner_id": target.id}
        ).action_merge()

    def _days_covered(self, *names):
        """Segment → days before today on which one of the customers was a member."""
        days = {}
        for one in self._stays():
            if one.partner in names and one.pin != "out":
                span = ((one.end or self.day) - one.start).days
                days.setdefault(one.segment, set()).update(
                    one.start + timedelta(n) for n in range(span)
                )
        return days

    def _check_days_kept(self, before, dst):
        after = self._days_covered(dst)
        for segment, days in before.items():
            self.assertFalse(days - after.get(segment, set()), f"days of {segment} lost in a merge")

    def _do_lead(self, who):
        if not self._alive(who):
            return "nothing"
        self._open_lead(self.partners[who])
        return set()

    def _do_won(self, who):
        return self._close_lead(who, "pending", "won")

    def _do_lost(self, who):
        return self._close_lead(who, "pending", "lost")

    def _do_reopen(self, who):
        return self._close_lead(who, "lost", "pending")

    def _close_lead(self, who, before, after):
        leads = self.env["crm.lead"].with_context(active_test=False)
        partner = self.partners.get(who, self.env["res.partner"])
        domain = [("partner_id", "=", partner.id), ("won_status", "=", before)]
        if not partner or not (lead := leads.search(domain, order="id", limit=1)):
            return "nothing"
        self._decide_lead(lead, after)
        return set()

    def _open_lead(self, partner):
        """By SQL, then what saving a lead does about its customer."""
        with collect_touched(self.env) as touched:
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO crm_lead (name, type, active, partner_id, won_status)
                    VALUES ('Deal', 'opportunity', TRUE, %s, 'pending') RETURNING id
                    """,
                    partner.id,
                )
            )
            partner._touch_opportunities(touched)

    def _decide_lead(self, lead, status):
        with collect_touched(self.env) as touched:
            self.env.execute_query(
                SQL(
                    "UPDATE crm_lead SET won_status = %s, active = %s WHERE id = %s RETURNING id",
                    status,
                    status != "lost",
                    lead.id,
                )
            )
            lead.invalidate_recordset()
            lead.partner_id._touch_opportunities(touched)

    def _do_pin(self, who, division, name, kind, days):
        world = self._world()
        if division not in self.group or who not in world.figures:
            return "nothing"
        until = self.day + timedelta(days) if days is not None else None
        for stay in self.model.of(who, self.defined[division]) if kind == "in" else []:
            if self.defined[division].exclusive and stay.pin == "in":
                self._unpin(stay)
        self.model.pin(who, (division, name), kind, until, self.day)
        self._write_pin(who, (division, name), kind, until)
        self.env["crm.segmentation"]._place(self.partners[who].ids)
        return {who}

    def _do_unpin(self, who, division):
        if division not in self.group or not self._alive(who):
            return "nothing"
        pins = [one for one in self.model.of(who, self.defined[division]) if one.pin]
        for stay in pins:
            self._unpin(stay)
        self.env["crm.segmentation"]._place(self.partners[who].ids)
        return {who} if pins else "nothing"

    def _row(self, who, segment):
        return self.env["crm.segment.membership"].search(
            [
                ("partner_id", "=", self.partners[who].id),
                ("segment_id", "=", self.segment_of(*segment).id),
                ("date_to", "=", False),
            ]
        )

    def _write_pin(self, who, segment, kind, until):
        row = self._row(who, segment)
        if row and (kind == "out") != (row.pinned == "out"):
            self._end_row(row)
            row = row.browse()
        values = {"pinned": kind, "origin": "manual", "pin_until": until}
        if row:
            row.write(values)
        else:
            row.create(
                {
                    "partner_id": self.partners[who].id,
                    "segment_id": self.segment_of(*segment).id,
                    "company_id": self.company.id,
                    "date_from": self.day,
                    **values,
                }
            )

    def _end_row(self, row):
        if row.date_from < self.day:
            row.date_to = self.day
        else:
            row.unlink()

    def _unpin(self, stay):
        row = self._row(stay.partner, stay.segment)
        if stay.pin == "out":
            self._end_row(row)
        else:
            row.write({"pinned": False, "pin_until": False})
        self.model.unpin(stay, self.day)

    def _do_rule(self, division, name, rule):
        if division not in self.group:
            return "nothing"
        self.redefined = True
        self.segment_of(division, name).with_env(self.env).domain = sequences.RULES[rule][0]
        self.defined[division].segment(name).rule = rule
        return self.run_all()

    def _do_limit(self, division, name, limit):
        if division not in self.group:
            return "nothing"
        self.redefined = True
        self.segment_of(division, name).with_env(self.env).threshold = limit
        self.defined[division].segment(name).threshold = limit
        return self.run_all()

    def _do_patience(self, division, name, value):
        if division not in self.group:
            return "nothing"
        self.redefined = True
        field = {"stay": "minimum_stay_days"}.get(name, name)
        self.records[division].with_env(self.env)[field] = value
        setattr(self.defined[division], name, value)
        return self.run_all()

    # What is stored.

    def _world(self):
        self.env.flush_all()
        ids = [partner.id for partner in self.partners.values()]
        partners = self.env.execute_query(
            SQL(
                """
                SELECT p.id, p.commercial_partner_id, p.city, i.name->>'en_US', p.active
                FROM res_partner p LEFT JOIN res_partner_industry i ON i.id = p.industry_id
                WHERE p.id = ANY(%s)
                """,
                ids,
            )
        )
        leads = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, CASE won_status WHEN 'pending' THEN
                       CASE WHEN active THEN 'open' ELSE 'shelved' END ELSE won_status END
                FROM crm_lead WHERE partner_id = ANY(%s)
                """,
                ids,
            )
        )
        return World(
            self.day,
            {self.names[one]: (self.names[owner], *rest) for one, owner, *rest in partners},
            [(self.names[one], day, int(amount), bought)
             for one, day, amount, bought in self._documents(ids)],
            [(self.names[one], state) for one, state in leads],
        )

    def _documents(self, ids):
        return self.env.execute_query(
            SQL(
                """
                SELECT partner_id, date, amount_company, amount_company > 0 AND NOT is_refund
                FROM crm_sales_history WHERE partner_id = ANY(%s)
                """,
                ids,
            )
        )

    def _stays(self):
        """All stays of the divisions that are switched on, as the model has them."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.partner_id, g.name->>'en_US', s.name->>'en_US', m.date_from, m.date_to,
                       m.code, m.pinned
                FROM crm_segment_membership m
                JOIN crm_segment s ON s.id = m.segment_id
                JOIN crm_segmentation g ON g.id = m.segmentation_id
                WHERE m.segmentation_id = ANY(%s) ORDER BY m.id
                """,
                self._segmentations().ids,
            )
        )
        return [
            Stay(self.names[partner], (division, name), *rest)
            for partner, division, name, *rest in rows
        ]

    def _members(self):
        """Division → who is where now."""
        found = {name: set() for name in self.group}
        for one in self._stays():
            if not one.end:
                found[one.segment[0]].add((one.partner, one.segment[1], one.code, one.pin))
        return found

    def _compare_with_model(self):
        modelled = {name for name, one in self.defined.items() if one.modelled}
        stays = self._stays()
        self._check_invariants(stays)
        ours = sorted(map(self._shown, (one for one in stays if one.segment[0] in modelled)))
        theirs = sorted(map(self._shown, self.model.stays))
        if ours != theirs:
            only = [one for one in ours if one not in theirs]
            missing = [one for one in theirs if one not in ours]
            self.fail(
                f"on {self.day}, {self._world().partners}\nonly stored:\n  "
                + "\n  ".join(only) + "\nonly expected:\n  " + "\n  ".join(missing)
            )  # fmt: skip

    def _shown(self, stay):
        text = f"{stay.segment[0]}: {stay.partner} in {stay.segment[1]} {stay.start} to {stay.end}"
        return f"{text} {stay.code} {stay.pin}"

    def _check_invariants(self, stays):
        """Of an exclusive division one current stay; none of them longer than the next."""
        single = {name for name, one in self.defined.items() if one.exclusive}
        current = [(one.partner, one.segment[0]) for one in stays
                   if not one.end and one.pin != "out" and one.segment[0] in single]  # fmt: skip
        self.assertEqual(len(current), len(set(current)), "two current stays in one division")
        for one in stays:
            self.assertFalse(one.end and one.end < one.start, one)

    def play_many(self, count, length, name, kinds=sequences.WEIGHTS):
        """Play ``count`` histories; report the first that fails as short as it gets."""
        self.switch_on(GROUPS[name])
        count = int(os.environ.get("SEGMENTS_SEQUENCES") or count)
        _logger.info("%s histories %s of seed %s", count, name, self.seed)
        import time
        pid = self.env.execute_query(SQL("SELECT pg_backend_pid()"))[0][0]
        def pgcpu():
            parts = open(f"/proc/{pid}/stat").read().rsplit(")")[-1].split()
            return (int(parts[11]) + int(parts[12])) / 100
        t0 = (time.time(), time.process_time(), pgcpu())
        import cProfile, pstats
        pr = cProfile.Profile()
        pr.enable() if os.environ.get("PROF") else None
        for number in range(count):
            rng = random.Random(f"{self.seed} {name} {number}")
            start = date(2023, 1, 1) + timedelta(rng.randrange(1200))
            events = sequences.history(rng, rng.randint(*length), kinds)
            try:
                self.play(start, events)
            except Exception:
                self._report(f"SEGMENTS_SEED={self.seed}, history {number} of {name}", start, events)
                raise

        pr.disable()
        if os.environ.get("PROF"):
            with open("/tmp/h7/prof.txt", "w") as f:
                st = pstats.Stats(pr, stream=f).sort_stats("cumulative")
                st.print_stats(110)
                st.sort_stats("tottime").print_stats(25)
        t1 = (time.time(), time.process_time(), pgcpu())
        with open("/tmp/h7/cpu.txt", "a") as f:
            print(name, count, "wall %.3f py %.3f pg %.3f per history" % tuple((b - a) / count for a, b in zip(t0, t1)), file=f)

    def _report(self, which, start, events):
        for end in range(1, len(events)):
            if self._fails(start, events[:end]):
                events = events[:end]
                break
        for index in reversed(range(len(events))):
            shorter = events[:index] + events[index + 1 :]
            if self._fails(start, shorter):
                events = shorter
        try:
            self.play(start, events)
        except Exception as error:  # noqa: BLE001
            shown = "\n".join(map(repr, events))
            raise AssertionError(f"{which}, cut from {start} on:\n{shown}\n{error}") from error

    def _fails(self, start, events):
        try:
            self.play(start, events)
        except Exception:  # noqa: BLE001
            return True
        return False


@tagged("post_install", "-at_install")
class TestSequences(Sequences, SegmentsCase):
    """Facts inserted by SQL."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_sequences()

    def test_rules_that_read_each_other(self):
        self.play_many(130, (8, 12), "of rules")

    def test_values_and_tiers(self):
        self.play_many(110, (8, 12), "of values")

    def test_dates_and_minimum_stays(self):
        self.play_many(110, (8, 12), "of dates")

    def test_shares_of_the_total(self):
        self.play_many(75, (8, 12), "of shares")

    def test_scores(self):
        self.play_many(75, (8, 12), "of scores")
