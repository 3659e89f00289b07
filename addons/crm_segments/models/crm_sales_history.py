from odoo import fields, models


class Unchecked(fields.Many2one):
    """A many2one without foreign key in the database.

    Checking one takes 5 µs a row, as long as all the rest of inserting it. The few sources,
    companies and currencies are protected otherwise: the source deletes its lines, the
    company is the source's, the currency refuses (``res_currency.py``).
    """

    def update_db_foreign_key(self, model, column):
        pass


class CrmSalesHistory(models.Model):
    """One line of a sales document that this database did not make itself.

    Written by the import only (``crm.sales.history.import.engine``), in SQL. Counted
    with the company's own sales up to the cut-over date of the source.
    """

    _name = "crm.sales.history"
    _description = "Sales History Line"
    _order = "date desc, document desc, position, id"
    _rec_name = "document"
    # Hundreds of thousands of rows that nobody edits: who wrote them when is on the source.
    _log_access = False

    source_id = Unchecked("crm.sales.source", required=True, readonly=True, ondelete="cascade")
    company_id = Unchecked("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    customer_ref = fields.Char(string="Customer Code", readonly=True)
    # The host's privacy look-up finds what people typed by a stored ``email`` only.
    email = fields.Char(string="Customer Email", readonly=True, help="As the source has it.")
    date = fields.Date(required=True, readonly=True)
    document = fields.Char(required=True, readonly=True)
    position = fields.Integer(
        required=True,
        readonly=True,
        aggregator=None,
        help="Place of the line in its document, from 1, as the file has it.",
    )
    is_refund = fields.Boolean(string="Credit Note", readonly=True)
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null", ondelete="set null"
    )
    product_ref = fields.Char(string="Product Code", readonly=True)
    product_name = fields.Char(string="Description", readonly=True)
    quantity = fields.Float(digits=(16, 4), readonly=True)
    currency_id = Unchecked("res.currency", required=True, readonly=True)
    # In the database with all digits of quantity × price: a document is rounded, not its lines.
    amount_untaxed = fields.Monetary(
        string="Untaxed Amount", readonly=True, help="In the currency of the document."
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        string="Untaxed Amount in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="Converted at the rate of the day of the sale.",
    )

    list_price = fields.Float(
        "List Price of the Day", digits="Product Price", readonly=True, aggregator=None,
        help="Per unit, untaxed, in the currency of the company. 0: the source has none.",
    )  # fmt: skip
    cost = fields.Float(
        "Cost of the Day", digits="Product Price", readonly=True, aggregator=None,
        help="Per unit, in the currency of the company. 0: the source has none.",
    )  # fmt: skip
    not_counted = fields.Boolean(
        "Counted Elsewhere",
        readonly=True,
        help="The document is in another source, or in this database, as well, and was said to "
        "count there.",
    )

    # The key of a line: what is imported twice lands on itself.
    _line_unique = models.UniqueIndex(
        "(source_id, document, position)", "This line of the document was already imported."
    )

    def unlink(self):
        """The figures of the customers are counted anew."""
        partners = self.partner_id
        res = super().unlink()
        self.env["crm.segment.queue"]._push(partners.ids)
        return res
