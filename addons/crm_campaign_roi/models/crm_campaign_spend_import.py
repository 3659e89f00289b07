"""Import of a file of ad spend: a file, what was recognised, its rows all or none."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.spend_formats import FORMATS


class CrmCampaignSpendImport(models.Model):
    """One file. It stays, so that what it brought can be taken back as a whole."""

    _name = "crm.campaign.spend.import"
    _description = "Import of Ad Spend"
    _order = "id desc"
    _rec_name = "filename"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    file = fields.Binary(attachment=True)
    filename = fields.Char()
    spread_days = fields.Boolean(
        "Spread Over the Days",
        help="Rows that cover several days are shared evenly among them, and marked so.",
    )
    date_from = fields.Date("From", help="The period of a file that names none.")
    date_to = fields.Date("To")
    vat_percent = fields.Float(
        "VAT to Take Off (%)", help="Where the amounts hold VAT: cost is untaxed. 0 takes off none."
    )
    platform_id = fields.Many2one(
        "crm.campaign.platform",
        "Recorded Under",
        help="Recognised from the file. For a file of no known platform, say which one it is.",
    )
    column_ids = fields.One2many("crm.campaign.spend.import.column", "import_id")
    state = fields.Selection(
        [("draft", "To Check"), ("checked", "Checked"), ("done", "Imported"), ("undone", "Undone")],
        default="draft",
        required=True,
        readonly=True,
    )
    platform = fields.Selection(
        [(one.code, one.name) for one in FORMATS.values()], "Format", readonly=True
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    account = fields.Char("Accounts", readonly=True)
    encoding = fields.Char(readonly=True)
    delimiter = fields.Char(readonly=True)
    decimal = fields.Selection(
        [(".", "1,234.50"), (",", "1.234,50")], "Numbers", help="Recognised where left empty."
    )
    order = fields.Selection(
        [("dmy", "Day/Month/Year"), ("mdy", "Month/Day/Year")],
        "Dates",
        help="Recognised where left empty. Dates that begin with the year are read in any case.",
    )
    row_count = fields.Integer("Rows", readonly=True)
    campaign_count = fields.Integer("Campaigns", readonly=True)
    unmatched_count = fields.Integer("Campaigns Not Known Here", readonly=True)
    unmatched = fields.Text("Not Known Here", readonly=True)
    first_date = fields.Date("First Day", readonly=True)
    last_date = fields.Date("Last Day", readonly=True)
    total_rows = fields.Monetary("Sum of the Rows", readonly=True)
    total_file = fields.Monetary("Total of the File", readonly=True)
    has_total = fields.Boolean(readonly=True)
    message = fields.Text(readonly=True)
    preview = fields.Json(readonly=True, help="The first rows as they were understood.")
    preview_html = fields.Html(compute="_compute_preview_html", string="First Rows")
    new_count = fields.Integer("New Days", readonly=True)
    changed_count = fields.Integer("Corrected Days", readonly=True)
    spend_ids = fields.One2many("crm.campaign.spend", "import_id")

    @api.constrains("vat_percent", "date_from", "date_to")
    def _check_values(self):
        for one in self:
            if not 0 <= one.vat_percent < 100:
                raise UserError(self.env._("VAT lies between 0 and 100 %."))
            if one.date_from and one.date_to and one.date_to < one.date_from:
                raise UserError(self.env._("The period ends before it begins."))

    @api.onchange("file")
    def _onchange_file(self):
        """What was recognised of another file says nothing of this one."""
        self.state = "draft"
        self.decimal = self.order = self.message = False

    @api.depends("preview")
    def _compute_preview_html(self):
        for one in self:
            rows = one.preview or []
            one.preview_html = one._render_preview(rows) if rows else False

    def action_check(self):
        """Dry run: read the file, say what was recognised and what is in the way.

        :return: action that shows the import again
        :raise UserError: a file that can't be read, or none
        """
        self.ensure_one()
        self._check_open()
        self._read_file()
        return self._reopen()

    def action_import(self):
        """Import all rows, or none.

        :return: action that shows the import again
        :raise UserError: what is in the way
        """
        self.ensure_one()
        self._check_open()
        if problems := self._read_file():
            raise UserError("\n".join(problems))
        self._write_rows()
        return self._reopen()

    def action_undo(self):
        """Take back what the import brought, and put back what it overwrote.

        :raise UserError: a later import has overwritten some of it
        """
        self.ensure_one()
        self._check_spend_rights()
        if self.state != "done":
            raise UserError(self.env._("Only an import that was done can be undone."))
        self._undo()
        return self._reopen()

    def action_spend(self):
        """Open the rows that it brought."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_campaign_roi.crm_campaign_spend_action"
        )
        return {**action, "domain": [("import_id", "=", self.id)]}

    def _check_open(self):
        self._check_spend_rights()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        if self.state not in ("draft", "checked"):
            raise UserError(self.env._("This file was imported already. Start another import."))

    def _check_spend_rights(self):
        """Rows are written by SQL, so whoever imports must be allowed to write them."""
        self.check_access("write")
        for operation in ("create", "write", "unlink"):
            self.env["crm.campaign.spend"].check_access(operation)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id,
            "view_mode": "form", "target": "current",
        }  # fmt: skip

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(one.state == "done" for one in self):
            raise UserError(self.env._("Undo the import before you delete it."))


class CrmCampaignSpendImportColumn(models.Model):
    """What a column of a file holds, where somebody has to say it."""

    _name = "crm.campaign.spend.import.column"
    _description = "Column of a File of Ad Spend"

    import_id = fields.Many2one("crm.campaign.spend.import", required=True, ondelete="cascade")
    role = fields.Selection(
        [
            ("date", "Day"), ("date_end", "Last Day"), ("account", "Account"),
            ("campaign", "Campaign"), ("campaign_id", "Number of the Campaign"), ("cost", "Cost"),
            ("currency", "Currency"), ("impressions", "Impressions"), ("clicks", "Clicks"),
            ("conversions", "Conversions"),
        ],
        "Holds", required=True,
    )  # fmt: skip
    header = fields.Char("Header of the Column", help="As it stands in the file; empty for none.")

    _role_unique = models.UniqueIndex("(import_id, role)", "Each column is said once.")
