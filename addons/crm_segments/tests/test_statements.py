"""What people do costs the same number of SQL statements with 5 and with 50 rules in use."""

from unittest.mock import patch

from odoo.tests import tagged

from .common import InvoiceCase, SegmentsCase

FEW, MANY = 5, 50


class StatementsMixin:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann", city="City 0", customer_rank=1)

    def city(self, number):
        return {"domain": f"[('city', '=', 'City {number}')]"}

    def one_division(self, number):
        """One segmentation of so many rules."""
        segments = {f"S{n}": self.city(n) for n in range(number)}
        self.segmentation("rule", segments, exclusive=False)

    def many_divisions(self, number):
        """So many segmentations, each of which moves the customer."""
        for _division in range(number):
            self.segmentation("rule", {f"S{n}": self.city(n) for n in range(3)})

    def statements(self, act, argument):
        """Number of statements of an act in a request of its own, with rules compiled before."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act(argument)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def compare(self, act, arguments, make):
        """The numbers with few and with many rules, after one act to get warm each.

        The lesser of two counts: now and then the host looks something up again.

        :param arguments: six arguments of the act
        """
        counts = []
        arguments = iter(arguments)
        for number in (FEW, MANY):
            self.env["crm.segmentation"].search([]).enabled = False
            make(number)
            self.statements(act, next(arguments))
            counts.append(min(self.statements(act, next(arguments)) for _turn in range(2)))
        return counts

    def assert_same(self, act, arguments):
        """Rules of one segmentation, and as many segmentations."""
        arguments = list(arguments)
        for make in (self.one_division, self.many_divisions):
            few, many = self.compare(act, [arguments.pop(0) for _turn in range(6)], make)
            self.assertEqual(few, many, make.__doc__)
            self.assertGreater(few, 0)

    def cities(self):
        return [f"City {n}" for n in (1, 2) * 6]


@tagged("post_install", "-at_install")
class TestStatements(StatementsMixin, SegmentsCase):
    def test_saving_a_customer(self):
        self.assert_same(lambda city: self.ann.write({"city": city}), self.cities())
        self.assertFalse(self.queued())
        self.assertEqual(len(self.ann.segment_ids), MANY)
        self.assertEqual(set(self.ann.segment_ids.mapped("name")), {"S2"})

    def test_creating_a_customer(self):
        self.assert_same(lambda city: self.customer(city, city=city), self.cities())
        self.assertFalse(self.queued())

    def test_creating_many_customers(self):
        def create(city):
            self.env["res.partner"].create([{"name": f"N{n}", "city": city} for n in range(40)])

        self.assert_same(create, self.cities())
        self.assertFalse(self.queued())

    def test_saving_what_no_rule_reads(self):
        self.assert_same(lambda text: self.ann.write({"comment": text}), self.cities())

    def test_an_opportunity(self):
        self.assert_same(
            lambda name: self.env["crm.lead"].create(
                {"name": name, "type": "opportunity", "partner_id": self.ann.id}
            ),
            self.cities(),
        )

    def test_the_queue(self):
        deferred = self.ann.with_context(segments_defer=True)

        def move(city):
            deferred.city = city
            self.env["crm.segmentation"]._place(self.ann.ids)

        self.assert_same(move, self.cities())


@tagged("post_install", "-at_install")
class TestStatementsOfPosting(StatementsMixin, InvoiceCase):
    def statements(self, act, argument):
        """Those on tables of the add-on: the host's own vary with what it has cached."""
        self.env.flush_all()
        self.env.invalidate_all()
        cursor, seen = type(self.env.cr), []
        execute = cursor.execute

        def noted(cr, query, *args, **kwargs):
            text = getattr(query, "code", query)
            if "crm_segment" in text or "crm_customer_metrics" in text:
                seen.append(text)
            return execute(cr, query, *args, **kwargs)

        with patch.object(cursor, "execute", noted):
            act(argument)
            self.env.flush_all()
        return len(seen)

    def test_posting_an_invoice(self):
        moves = [self.invoice(self.ann, 5, 100, post=False) for _number in range(12)]
        self.assert_same(lambda move: move.action_post(), moves)
        self.assertEqual(self.queued(), self.ann)
