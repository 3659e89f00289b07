"""What the tests of the sales history import share."""

from odoo.tests import TransactionCase

HEADER = "Invoice,Date,Customer code,Customer name,VAT,Reference,Email,SKU,Description,Qty,Price"


class SalesHistoryCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.source = cls.env["crm.sales.source"].create({"name": "Old shop"})
        cls.engine = cls.env["crm.sales.history.import.engine"]

    def run_import(self, *lines, source=None, header=HEADER, **options):
        content = "\n".join([header, *lines]).encode()
        result = self.engine._run(source or self.source, content, **options)
        self.env.invalidate_all()
        return result

    def history(self, source=None):
        domain = [("source_id", "=", (source or self.source).id)]
        return self.env["crm.sales.history"].search(domain, order="document, position")

    def amounts(self, source=None):
        return [
            (line.document, line.position, line.amount_untaxed) for line in self.history(source)
        ]
