"""What people decide: pins and definitions."""

from datetime import timedelta

from . import sequences
from .sequences_facts import NOTHING


class Decisions:
    """Events that change a pin or a definition."""

    def _do_pin(self, who, division, name, kind, days):
        world = self._world()
        if division not in self.group or who not in world.figures:
            return NOTHING
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
            return NOTHING
        pins = [one for one in self.model.of(who, self.defined[division]) if one.pin]
        if not pins:
            return NOTHING
        for stay in pins:
            self._unpin(stay)
        self.env["crm.segmentation"]._place(self.partners[who].ids)
        return {who}

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
            row.flush_recordset()  # before a new one of the same segment
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
            return NOTHING
        self.redefined = True
        self.segment_of(division, name).with_env(self.env).domain = sequences.RULES[rule][0]
        self.defined[division].segment(name).rule = rule
        return self.run_all()

    def _do_limit(self, division, name, limit):
        if division not in self.group:
            return NOTHING
        self.redefined = True
        self.segment_of(division, name).with_env(self.env).threshold = limit
        self.defined[division].segment(name).threshold = limit
        return self.run_all()

    def _do_patience(self, division, name, value):
        if division not in self.group:
            return NOTHING
        self.redefined = True
        field = {"stay": "minimum_stay_days"}.get(name, name)
        self.records[division].with_env(self.env)[field] = value
        setattr(self.defined[division], name, value)
        return self.run_all()
