"""The documents that reports add up: every source, one currency, no sales between companies."""

from odoo.tests import tagged

from .common import InvoiceCase


@tagged("post_install", "-at_install")
class TestDocuments(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # one unit of the first company's currency was 2 pounds, and is 4 of late
        cls.pound = cls.setup_other_currency("GBP", rates=[("2000-01-01", 2)])
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.pound.id,
                "name": cls.ago(15),
                "rate": 4,
                "company_id": cls.company.id,
            }
        )
        cls.product_category = cls.product_category.with_env(cls.env)
        cls.second = cls.setup_other_company(name="Second", currency_id=cls.pound.id)["company"]
        cls.env.user.company_ids |= cls.second
        cls.ann = cls.customer("Ann")

    def documents(self, companies):
        Metrics = self.env["crm.customer.metrics"]
        Metrics._flush_sources()
        sql = Metrics._documents_sql(companies, self.ago(0))
        return sorted(
            (row["company_id"], row["day"], row["amount_company"], row["amount"], row["source"])
            for row in self.env.execute_query_dict(sql)
            if row["partner_id"] in (self.ann | self.second.partner_id).ids
        )

    def test_each_day_at_its_rate(self):
        self.invoice(self.ann, 30, 100)
        self.invoice(self.ann, 20, 300, company=self.second)
        self.invoice(self.ann, 10, 300, company=self.second)
        first, second = self.company, self.second
        self.assertEqual(
            self.documents(first | second),
            sorted(
                [
                    (first.id, self.ago(30), 100, 100, "invoices"),
                    (second.id, self.ago(20), 300, 150, "invoices"),
                    (second.id, self.ago(10), 300, 75, "invoices"),
                ]
            ),
        )

    def test_sales_between_the_companies_count_for_one_only(self):
        self.invoice(self.second.partner_id, 10, 500)
        only = self.documents(self.company)
        self.assertEqual([row[2] for row in only], [500])
        self.assertEqual(self.documents(self.company | self.second), [])
