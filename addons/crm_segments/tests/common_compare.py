"""What the tests of sources side by side share: two sources, three customers."""

from .common import InvoiceCase, UsersMixin


class CompareCase(UsersMixin, InvoiceCase):
    """A source ``old``, a source ``shop``, and Ann, Bob and Cat."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.source
        cls.shop = cls.env["crm.sales.source"].create({"name": "Shop of the test"})
        cls.overlaps = cls.env["crm.sales.overlap"]
        cls.ann, cls.bob, cls.cat = (cls.customer(name) for name in ("Ann", "Bob", "Cat"))

    def identity(self, source, partner, **values):
        return self.env["crm.sales.identity"].create(
            {
                "source_id": source.id,
                "external_id": f"{partner.name}{values.pop('suffix', '')}",
                "partner_id": partner.id,
                **values,
            }
        )

    def page(self, user=None):
        compare = self.env["crm.sales.compare"]
        compare = compare.with_user(user) if user else compare
        return compare.browse(compare.action_open()["res_id"])

    def pair(self, page, one, two=None):
        two = two or self.env["crm.sales.source"]
        return page.pair_ids.filtered(
            lambda pair: (pair.source_id, pair.other_source_id) == (one, two)
        )

    def line(self, page, name):
        return page.field_ids.filtered(lambda line: line.field == name)

    def found(self):
        self.overlaps._find(self.company)
        rows = self.overlaps.search([("company_id", "=", self.company.id)])
        return {
            (one.source_id.name, one.document, one.other_source_id.name, one.other_document): one
            for one in rows
        }

    def marked(self):
        self.env.invalidate_all()
        return self.env["crm.sales.history"].search([("not_counted", "=", True)]).mapped("document")

    def revenue(self, partner):
        self.env.invalidate_all()
        return partner.revenue_total

    def bought(self):
        self.env.flush_all()
        return self.env.execute_query(self.metrics._bought_sql(self.company))
