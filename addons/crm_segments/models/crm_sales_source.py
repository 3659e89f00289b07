from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CrmSalesSource(models.Model):
    """Where sales history comes from: an old system, a shop, another CRM.

    Deleting a source takes back everything that was imported from it, except the
    customers and products that the imports created.
    """

    _name = "crm.sales.source"
    _description = "Source of Sales History"
    _order = "name, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Currency of the amounts whose line names none.",
    )
    cutover_date = fields.Date(
        string="Cut-over Date",
        help="First day that this database invoices itself. Documents of this source "
        "from that day on are kept, but not counted as sales.",
    )
    create_products = fields.Boolean(
        string="Create Missing Products",
        help="Make a product of each product code that is not in the catalogue, so that it can "
        "be recommended. Lines keep code and name of the product in any case.",
    )
    mapping = fields.Json(
        string="Columns",
        export_string_translation=False,
        help="How the columns of the last imported file were read.",
    )
    note = fields.Text()
    last_import_date = fields.Datetime(string="Last Import", readonly=True)
    line_count = fields.Integer(string="Lines", compute="_compute_counts")
    customer_count = fields.Integer(string="Customers", compute="_compute_counts")
    date_from = fields.Date(string="First Sale", compute="_compute_counts")
    date_to = fields.Date(string="Last Sale", compute="_compute_counts")

    _name_unique = models.Constraint(
        "UNIQUE(company_id, name)", "The company already has a source of this name."
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for source in self:
            source.currency_id = source.currency_id or source.company_id.currency_id

    def _compute_counts(self):
        # sudo: how many lines and from when is no money; who imports need not see the lines.
        rows = (
            self.env["crm.sales.history"]
            .sudo()
            ._read_group(
                [("source_id", "in", self.ids)],
                ["source_id"],
                ["__count", "partner_id:count_distinct", "date:min", "date:max"],
            )
        )
        found = {source.id: values for source, *values in rows}
        for source in self:
            counts = found.get(source.id, (0, 0, False, False))
            source.line_count, source.customer_count, source.date_from, source.date_to = counts

    @api.constrains("company_id")
    def _check_company(self):
        # sudo: a line that the user may not see stands against the change just as well.
        History = self.env["crm.sales.history"].sudo()
        if History.search_count(
            [("source_id", "in", self.ids), ("company_id", "not in", self.company_id.ids)], limit=1
        ):
            raise ValidationError(
                self.env._("Sales of this source belong to another company: make a new source.")
            )

    def write(self, vals):
        """Count the customers' sales anew where the cut-over moves."""
        result = super().write(vals)
        if "cutover_date" in vals:
            self._refresh_customers(self._customers())
        return result

    def unlink(self):
        """Take the lines away, and count the customers' sales without them."""
        customers = self._customers()
        self.check_access("unlink")
        # sudo: what was decided about their documents goes with them
        self.env["crm.sales.overlap"].sudo().search(
            ["|", ("source_id", "in", self.ids), ("other_source_id", "in", self.ids)]
        ).unlink()
        self.env.cr.execute(
            SQL("DELETE FROM crm_sales_history WHERE source_id = ANY(%s)", self.ids)
        )
        self.env["crm.sales.history"].invalidate_model()
        result = super().unlink()
        self._refresh_customers(customers)
        return result

    def action_open_history(self):
        """Open the lines of this source."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_sales_history_action"
        )
        return action | {"domain": [("source_id", "in", self.ids)], "context": {}}

    def action_open_identities(self):
        """Open who is who in this source."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers of %(name)s", name=self.name),
            "res_model": "crm.sales.identity",
            "view_mode": "list",
            "domain": [("source_id", "=", self.id)],
            "context": {"default_source_id": self.id},
        }

    def action_import(self):
        """Open the import with this source chosen."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_sales_history_import_action"
        )
        return action | {"context": {"default_source_id": self.id}}

    def _customers(self):
        """:return: dict company -> partners with lines of these sources"""
        # sudo: figures are counted from all lines, whoever moves the cut-over.
        rows = (
            self.env["crm.sales.history"]
            .sudo()
            ._read_group([("source_id", "in", self.ids)], ["company_id"], ["partner_id:recordset"])
        )
        return {company: partners.commercial_partner_id for company, partners in rows}

    def _refresh_customers(self, customers):
        """:param dict customers: as ``_customers`` returns them"""
        # sudo: the figures follow from the sales, not from the rights of who imports them.
        Metrics = self.env["crm.customer.metrics"].sudo()
        for company, partners in customers.items():
            Metrics.refresh(partners, company)
            if not self.env.context.get("segments_defer"):
                self.env["crm.segmentation"]._place_touched(set(partners.ids), set())
