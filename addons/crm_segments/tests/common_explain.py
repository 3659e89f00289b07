"""What the tests of 'Why?' share: three customers, two of whom have bought."""

from odoo.tools import format_amount, format_date

from .common import SegmentsCase


class ExplainCase(SegmentsCase):
    """Ann bought twice for 1000 in all, Bob once for 250, Cid never."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob, cls.cid = (cls.customer(name) for name in ("Ann", "Bob", "Cid"))
        for day, amount in ((30, 600), (60, 400)):
            cls.sale(cls.ann, day, amount)  # 1000 of two purchases
        cls.sale(cls.bob, 20, 250)
        cls.metrics.refresh()

    def money(self, amount):
        return format_amount(self.env, amount, self.company.currency_id)

    def day(self, date):
        return format_date(self.env, date)

    def conditions(self, answer, part="rule"):
        return [(one["text"], one["passed"]) for one in answer["conditions"] if one["part"] == part]
