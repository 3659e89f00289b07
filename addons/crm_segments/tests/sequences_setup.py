"""The segmentations of the random histories, made in the database."""

from datetime import date

from odoo.fields import Command
from odoo.tools import SQL

from . import sequences

#: the day of the first run: everybody is among 'everybody else' since long
BEFORE = date(2020, 1, 1)
#: divisions that are switched on together, so that a history takes a fraction of a second
GROUPS = {
    "of rules": ("states", "tags", "levels", "nested"),
    "of values": ("industry", "deals", "near", "slow"),
    "of dates": ("stages", "patient", "sticky", "rhythm"),
    "of shares": ("pareto", "soft", "calm"),
    "of scores": ("rfm", "cells"),
    "of documents": ("states", "money", "patient", "near", "deals", "rfm"),
}


class Setup:
    """Makes a record for each division of ``sequences.DIVISIONS``, and a few customers."""

    @classmethod
    def set_up_sequences(cls):
        """Call once, after the segments' own set-up."""
        cls.industries = {
            name: cls.env["res.partner.industry"].create({"name": name}).id
            for name in sequences.INDUSTRIES
            if name
        }
        cls.divisions = sequences.divisions()
        cls.day = BEFORE
        cls.env = cls.env(context={**cls.env.context, "segments_today": BEFORE})
        cls.records = {division.name: cls._make_division(division) for division in cls.divisions}
        for division in cls.divisions:
            cls._link(division)
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
