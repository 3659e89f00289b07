"""Plays random histories in the database and compares after every event."""

import logging
import os
import random
from datetime import date, timedelta
from unittest.mock import patch

from odoo.tools import SQL

from . import sequences
from .reference_model import Reference, Stay
from .sequences_decisions import Decisions
from .sequences_facts import NOTHING, Facts
from .sequences_setup import BEFORE, GROUPS, Setup

_logger = logging.getLogger(__name__)


class Sequences(Setup, Facts, Decisions):
    """Each history in a savepoint; see ``play_many``."""

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
        self.merged = set()
        self._set_day(BEFORE)
        self.model.place(self._world())
        self._set_day(start)

    def _set_day(self, day):
        self.day = day
        self.env = self.env(context={**self.env.context, "segments_today": self._pass_in(day)})
        for name, partner in self.partners.items():
            self.partners[name] = partner.with_env(self.env)

    def _pass_in(self, day):
        """The day that the engine is told."""
        return day

    def _apply(self, event):
        ranked = getattr(self, f"_do_{event[0]}")(*event[1:])
        if ranked == NOTHING:
            return
        self._work_queue()
        self.model.place(self._world(), ranked)
        self._compare_with_model()

    def _work_queue(self):
        if not self.env["crm.segment.queue"]._waiting():
            return
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
        """Of an exclusive division one current stay; stays in one segment don't overlap.

        Those of merged customers may: both were members at that time.
        """
        single = {name for name, one in self.defined.items() if one.exclusive}
        current = [(one.partner, one.segment[0]) for one in stays
                   if not one.end and one.pin != "out" and one.segment[0] in single]  # fmt: skip
        self.assertEqual(len(current), len(set(current)), "two current stays in one division")
        last = {}
        for one in sorted(stays, key=lambda stay: (stay.start, stay.end or date.max)):
            self.assertFalse(one.end and one.end < one.start, one)
            if one.pin != "out" and one.partner not in self.merged:
                before = last.get((one.partner, one.segment), one.start)
                self.assertTrue(before and before <= one.start, f"overlapping stays: {one}")
                last[one.partner, one.segment] = one.end

    def play_many(self, count, name, kinds=None):
        """Play ``count`` histories; report the first that fails, cut as short as it gets.

        :param str name: key of ``GROUPS``
        :param dict kinds: kind of event → how often, by default those without accounting
        """
        self.switch_on(GROUPS[name])
        # an integration run repeats itself, so a sixth will do; everybody else looks for histories
        # that were never played
        repeated = bool(os.environ.get("CI"))
        count = int(os.environ.get("SEGMENTS_SEQUENCES") or (count // 6 if repeated else count))
        fresh = "1" if repeated else str(random.randrange(10**6))
        seed = os.environ.get("SEGMENTS_SEED") or fresh
        _logger.info("%s histories %s, SEGMENTS_SEED=%s", count, name, seed)
        for number in range(count):
            rng = random.Random(f"{seed} {name} {number}")
            start = date(2023, 1, 1) + timedelta(rng.randrange(1200))
            events = sequences.history(rng, rng.randint(8, 11), kinds or sequences.WEIGHTS)
            try:
                self.play(start, events)
            except Exception:
                self._report(f"SEGMENTS_SEED={seed}, history {number} {name}", start, events)
                raise

    def _report(self, which, start, events):
        """Fail with the shortest beginning that fails, without the events it doesn't take."""
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
        except Exception as error:
            shown = "\n".join(map(repr, events))
            raise AssertionError(f"{which}, cut from {start} on:\n{shown}\n{error}") from error

    def _fails(self, start, events):
        try:
            self.play(start, events)
        except Exception:  # noqa: BLE001
            return True
        return False
