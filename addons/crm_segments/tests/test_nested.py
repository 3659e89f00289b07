"""Segments that include, exclude or mention others, evaluated in the order that takes."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SegmentsCase


@tagged("post_install", "-at_install")
class TestNested(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob, cls.zoe = (
            cls.customer(name, city=city)
            for name, city in (("Ann", "Warsaw"), ("Bob", "Paris"), ("Zoe", "Rome"))
        )
        cls.places = cls.rules(
            {
                "Warsaw": "[('city', '=', 'Warsaw')]",
                "Paris": "[('city', '=', 'Paris')]",
                "Rome": "[('city', '=', 'Rome')]",
            },
            name="Places",
        )
        cls.warsaw, cls.paris, cls.rome = cls.places.segment_ids

    def unions(self, exclusive=False, **segments):
        """A segmentation with segments of ``{name: values}``."""
        return self.segmentation("rule", segments, name="Unions", exclusive=exclusive)

    def ids(self, *segments):
        return [Command.set([segment.id for segment in segments])]

    def run_both(self, other):
        """All at once, in whatever order they are given."""
        runs = (other | self.places).run()
        self.assertEqual(set(runs.mapped("state")), {"done"}, runs.mapped("error"))

    def test_include_is_or_exclude_is_not(self):
        unions = self.unions(
            North={"include_segment_ids": self.ids(self.warsaw, self.paris)},
            NotRome={"domain": "[]", "exclude_segment_ids": self.ids(self.rome)},
            WarsawOrZ={
                "domain": "[('name', '=like', 'Z%')]", "include_segment_ids": self.ids(self.warsaw),
            },
            And={"domain": f"[('segment_ids', 'in', [{self.paris.id}]), ('name', '=', 'Bob')]"},
        )  # fmt: skip
        self.run_both(unions)
        ours = self.ann | self.bob | self.zoe
        self.assertEqual(
            self.placed(unions, ours),
            {"Ann": "North+NotRome+WarsawOrZ", "Bob": "North+NotRome+And", "Zoe": "WarsawOrZ"},
        )

    def test_readers_come_after_what_they_read(self):
        """Members of today, though the reader was made, and stands, first."""
        unions = self.unions(North={"include_segment_ids": self.ids(self.warsaw, self.paris)})
        unions.sequence = 1
        self.places.sequence = 2
        self.run_both(unions)
        self.bob.with_context(segments_defer=True).city = "Rome"
        self.zoe.with_context(segments_defer=True).city = "Warsaw"
        self.run_both(unions)
        self.assertEqual(self.placed(unions), {"Ann": "North", "Zoe": "North"})

    def test_a_saved_customer_moves_through_all_levels(self):
        """The union reads no field of the customer, only the segment that does."""
        unions = self.unions(North={"include_segment_ids": self.ids(self.warsaw)})
        top = self.segmentation(
            "rule",
            {"Top": {"include_segment_ids": self.ids(unions.segment_ids)},
             "Rest": {"is_rest": True}},
            name="Top",
        )  # fmt: skip
        self.bob.city = "Warsaw"
        self.assertEqual(self.bob.segment_ids.mapped("name"), ["Warsaw", "North", "Top"])
        self.bob.city = "Paris"
        self.assertEqual(set(self.bob.segment_ids.mapped("name")), {"Paris", "Rest"})
        self.assertEqual(self.placed(top, self.bob), {"Bob": "Rest"})

    def test_siblings_that_overlap_read_each_other(self):
        unions = self.unions(
            All={"domain": "[('city', '!=', False)]"},
            Some={"domain": "[('name', 'in', ['Ann', 'Bob'])]"},
            AllButSome={"domain": "[]"},
            Both={"domain": "[]"},
            Else={"is_rest": True},
        )
        every, some, rest, both, _else = unions.segment_ids
        rest.write(
            {"include_segment_ids": self.ids(every), "exclude_segment_ids": self.ids(some)}
        )
        both.domain = f"[('segment_ids', 'in', [{every.id}]), ('segment_ids', 'in', [{some.id}])]"
        nobody = self.customer("Nobody")
        ours = self.ann | self.bob | self.zoe | nobody
        expected = {
            "Ann": "All+Some+Both", "Bob": "All+Some+Both", "Zoe": "All+AllButSome",
            "Nobody": "Else",
        }  # fmt: skip
        self.run_done(unions)
        self.assertEqual(self.placed(unions, ours), expected)
        self.assertEqual(self.run_done(unions)[:2], (0, 0))
        nobody.city = "Lodz"
        self.assertEqual(self.placed(unions, nobody), {"Nobody": "All+AllButSome"})

    def test_pins_of_the_read_segment_count(self):
        self.run_done(self.places)
        self.stay(self.zoe, self.warsaw, 3, pinned="in", origin="manual")
        unions = self.unions(North={"include_segment_ids": self.ids(self.warsaw)})
        self.run_both(unions)
        self.assertEqual(self.placed(unions), {"Ann": "North", "Zoe": "North"})

    def test_readers_follow_pins_runs_and_switching_off(self):
        """Whoever reads the members of a segment is decided after it, whatever moved them."""
        city = self.rules({"Radom": "[('city', '=', 'Radom')]"}, name="City")
        reader = self.rules({"Reads": "[]", "Else": "[]"}, name="Reader")
        reader.segment_ids[0].include_segment_ids = city.segment_ids
        ann = self.customer("Ann the first")
        (city | reader).run()
        self.assertEqual(self.placed(reader, ann), {ann.name: "Else"})
        pins = self.env["crm.segment.membership"]
        row = pins._pin(ann, city.segment_ids, "in", "Agreed")
        self.assertEqual(self.placed(reader, ann), {ann.name: "Reads"})
        row.action_unpin()
        self.assertEqual(self.placed(reader, ann), {ann.name: "Else"})
        ann.with_context(segments_defer=True).city = "Radom"
        runs = city.run()
        self.assertEqual(runs.segmentation_id, city)
        self.assertEqual(self.placed(reader, ann), {ann.name: "Reads"})
        cron = self.env.ref("crm_segments.ir_cron_rebuild")
        for act in (lambda: city.write({"enabled": False}), city.unlink):
            city.flush_recordset()
            self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
            act()
            self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
            city.exists().enabled = True

    def test_cycle_is_refused_with_its_path(self):
        unions = self.unions(A={"domain": "[]"}, B={"domain": "[]"}, C={"domain": "[]"})
        a, b, c = unions.segment_ids
        b.include_segment_ids = a
        c.exclude_segment_ids = b
        with self.assertRaisesRegex(ValidationError, "A → C → B → A"):
            a.include_segment_ids = c

    def test_cycle_through_a_rule(self):
        unions = self.unions(A={"domain": "[]"}, B={"domain": "[]"})
        a, b = unions.segment_ids
        a.domain = f"[('segment_ids', 'in', {b.ids})]"
        with self.assertRaisesRegex(ValidationError, "B → A → B|A → B → A"):
            b.domain = "[('segment_ids.name', '=', 'A'), ('city', '=', 'Warsaw')]"

    def test_two_ways_to_one_segment_are_no_cycle(self):
        unions = self.unions(D={}, B={}, C={}, A={})
        d, b, c, a = unions.segment_ids
        d.domain = "[('city', '=', 'Warsaw')]"
        (b | c).include_segment_ids = d
        a.include_segment_ids = b | c
        self.run_done(unions)
        self.assertEqual(self.placed(unions), {"Ann": "D+B+C+A"})

    def test_parts_of_an_exclusive_division_do_not_read_each_other(self):
        unions = self.unions(exclusive=True, A={"domain": "[]"}, B={"domain": "[]"})
        a, b = unions.segment_ids
        with self.assertRaisesRegex(ValidationError, "exclusive"):
            b.include_segment_ids = a

    def test_divisions_that_read_each_other(self):
        one = self.unions(A={"domain": "[]"}, B={"domain": "[]"})
        two = self.segmentation("rule", {"C": {}, "D": {}}, name="Two", exclusive=False)
        two.segment_ids[0].include_segment_ids = one.segment_ids[0]
        with self.assertRaisesRegex(ValidationError, "Unions → Two → Unions|Two → Unions → Two"):
            one.segment_ids[1].include_segment_ids = two.segment_ids[1]

    def test_evidence_names_the_included_segment(self):
        unions = self.unions(North={"include_segment_ids": self.ids(self.warsaw, self.paris)})
        self.run_both(unions)
        [ann] = self.current(unions).filtered(lambda one: one.partner_id == self.ann)
        self.assertEqual(self.evidence(ann), {"include": [self.warsaw.id]})

    def test_a_copy_reads_its_own_segments(self):
        unions = self.unions(A={"domain": "[('city', '=', 'Warsaw')]"}, B={})
        a, b = unions.segment_ids
        b.include_segment_ids = a | self.rome
        copied = unions.copy()
        own_a, own_b = copied.segment_ids
        self.assertEqual(own_b.include_segment_ids, own_a | self.rome)
        self.assertEqual(b.include_segment_ids, a | self.rome)

    def test_deleted_divisions_are_forgotten(self):
        unions = self.unions(North={"include_segment_ids": self.ids(self.warsaw)})
        unions.unlink()
        self.bob.city = "Warsaw"
        self.assertEqual(self.bob.segment_ids, self.warsaw)
