import base64
import csv
import io

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from psycopg2.errors import DiskFull

from ..lib import history_columns
from ..lib.history_file import HistoryFile
from ..lib.tabular import ENCODINGS, Table, TabularError
from ..lib.tabular_values import shown

_ROWS_SHOWN = 8
_FIGURES = (
    "lines_read",
    "lines_accepted",
    "lines_new",
    "lines_changed",
    "lines_not_counted",
    "customers",
    "documents",
    "purchases",
    "products_missing",
    "date_from",
    "date_to",
)
_MATCHED = ("external", "vat", "reference", "email", "new", "ambiguous")


class CrmSalesHistoryImport(models.TransientModel):
    """Wizard: a file, what its columns hold, a dry run, then the import in one transaction."""

    _name = "crm.sales.history.import"
    _description = "Import Sales History"

    source_id = fields.Many2one(
        "crm.sales.source",
        required=True,
        help="Where the file comes from. What the columns hold, and who is who, is remembered "
        "for each source.",
    )
    company_id = fields.Many2one(related="source_id.company_id")
    create_products = fields.Boolean(related="source_id.create_products", readonly=False)
    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    shift_to = fields.Date(
        string="Move Last Sale To",
        help="Moves all dates so that the last sale falls on this day: to try out with old data.",
    )
    encoding = fields.Selection(selection=[(one, one) for one in ENCODINGS])
    decimal = fields.Selection(
        [(".", "1,234.50"), (",", "1.234,50")],
        string="Numbers",
        help="Recognised from the file where left empty.",
    )
    order = fields.Selection(
        [("dmy", "Day/Month/Year"), ("mdy", "Month/Day/Year")],
        string="Dates",
        help="Recognised from the file where left empty. Dates that begin with the year are "
        "read in any case.",
    )
    column_ids = fields.One2many("crm.sales.history.import.column", "wizard_id")
    state = fields.Selection([("file", "File"), ("checked", "Checked")], default="file")
    lines_read = fields.Integer(readonly=True)
    lines_accepted = fields.Integer(string="Lines to Import", readonly=True)
    lines_new = fields.Integer(string="New Lines", readonly=True)
    lines_changed = fields.Integer(string="Corrected Lines", readonly=True)
    lines_not_counted = fields.Integer(
        string="Not Counted",
        readonly=True,
        help="Lines from the cut-over date of the source on: kept, but not counted as sales.",
    )
    lines_rejected = fields.Integer(string="Rejected Lines", readonly=True)
    customers = fields.Integer(readonly=True)
    matched_external = fields.Integer(string="Known Code in this Source", readonly=True)
    matched_vat = fields.Integer(string="Same VAT Number", readonly=True)
    matched_reference = fields.Integer(string="Same Reference", readonly=True)
    matched_email = fields.Integer(string="Same E-mail", readonly=True)
    matched_new = fields.Integer(string="To Be Created", readonly=True)
    matched_ambiguous = fields.Integer(
        string="Of These Ambiguous",
        readonly=True,
        help="VAT number, reference or e-mail belong to several customers: a new one is created "
        "rather than guessed.",
    )
    products_missing = fields.Integer(string="Products not in the Catalogue", readonly=True)
    documents = fields.Integer(readonly=True)
    purchases = fields.Integer(
        readonly=True, help="Documents with a positive total; credit notes are not purchases."
    )
    date_from = fields.Date(string="First Sale", readonly=True)
    date_to = fields.Date(string="Last Sale", readonly=True)
    reject_ids = fields.One2many("crm.sales.history.import.reject", "wizard_id", readonly=True)
    total_ids = fields.One2many("crm.sales.history.import.total", "wizard_id", readonly=True)
    rejected_file = fields.Binary(string="Rejected Lines as CSV", attachment=False, readonly=True)
    rejected_filename = fields.Char(readonly=True)

    @api.onchange("file", "source_id", "encoding")
    def _onchange_file(self):
        """Read the header and show what each column seems to hold."""
        self.state = "file"
        self.decimal = self.order = False  # of the file before
        if not self.file:
            self.column_ids = [Command.clear()]
            return None
        try:
            commands = self._column_commands()
        except TabularError as error:
            self.column_ids = [Command.clear()]
            explain = self.env["crm.sales.history.import.engine"]._explain
            return {"warning": {"title": self.env._("The file"), "message": explain(error)}}
        self.column_ids = [Command.clear(), *commands]
        return None

    def action_check(self):
        """Dry run: read the whole file, match everything, write nothing but this wizard."""
        self.ensure_one()
        self._check_rights()
        self._show(self._run(dry_run=True))
        return self._reopen()

    def action_import(self):
        """Import, in the transaction of this request: all or nothing."""
        self.ensure_one()
        self._check_rights()
        result = self._run(dry_run=False)
        message = self.env._(
            "%(new)s new and %(changed)s corrected lines of %(customers)s customers, "
            "%(rejected)s lines rejected.",
            new=result["lines_new"],
            changed=result["lines_changed"],
            customers=result["customers"],
            rejected=len(result["rejected"]),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Sales history imported"),
                "message": message,
                "next": self._after_import(),
            },
        }

    def action_back(self):
        """Return to the choice of columns."""
        self.state = "file"
        return self._reopen()

    def _check_rights(self):
        # The engine writes as superuser: who may not edit sources may not import.
        self.source_id.check_access("write")

    def _run(self, dry_run):
        # sudo: the import writes sales and customers for Segments / Manager, who may see
        # neither; the company is the source's, which the user may edit (see _check_rights).
        Engine = self.env["crm.sales.history.import.engine"].sudo()
        asked = self.source_id.sudo(), self._content(), self._mapping(), self.shift_to, dry_run
        try:
            with self.env.cr.savepoint():
                return Engine._run(*asked)
        except DiskFull:
            raise UserError(
                self.env._(
                    "The disk of the database is full, nothing was imported. Ask an administrator "
                    "to make room, then import the file again."
                )
            )

    def _content(self):
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        return base64.b64decode(self.file)

    def _mapping(self):
        """:return: dict as ``HistoryFile`` takes it; None: as remembered or recognised"""
        mapping = {key: self[key] for key in ("encoding", "decimal", "order") if self[key]}
        if self.column_ids:
            chosen = dict.fromkeys(history_columns.ROLES, "")
            chosen.update((line.role, line.name) for line in self.column_ids if line.role)
            return mapping | {"columns": chosen}
        saved = self.source_id.mapping or {}
        return saved | mapping if mapping else None

    def _column_commands(self):
        """:return: list of create commands, one for each column of the file"""
        content, encoding = self._content(), self.encoding
        try:
            Engine = self.env["crm.sales.history.import.engine"]
            saved = Engine._saved_mapping(self.source_id, content) if self.source_id else {}
            file = HistoryFile(content, saved | ({"encoding": encoding} if encoding else {}))
            header, columns, examples = file.header, file.columns, file.examples
        except history_columns.MissingColumns as error:
            # Not everything was recognised: show what is there, the user says the rest.
            header, columns = (
                error.params["header"],
                history_columns.recognise(error.params["header"]),
            )
            examples = self._raw_examples(Table(content, encoding), header)
        roles = {at: role for role, at in columns.items()}
        return [
            Command.create(
                {
                    "sequence": at,
                    "name": str(name),
                    "role": roles.get(at, False),
                    "example": " · ".join(examples(at)),
                }
            )
            for at, name in enumerate(header)
            if name not in ("", None)
        ]

    @staticmethod
    def _raw_examples(table, header):
        rows = [cells for (_n, cells), _i in zip(table.rows(), range(20), strict=False)]
        rows = rows[1:] if rows and [str(one) for one in rows[0]] == header else rows

        def examples(at):
            cells = (
                shown(row[at]) for row in rows if at < len(row) and row[at] not in ("", None)
            )
            return list(dict.fromkeys(cells))[:3]

        return examples

    def _show(self, result):
        """Put the result of the dry run on the screen."""
        labels = self.env["crm.sales.history.import.engine"]._reason_labels()
        values = {name: result[name] for name in _FIGURES}
        values.update({f"matched_{key}": result["matched"].get(key, 0) for key in _MATCHED})
        values.update(
            state="checked",
            lines_rejected=len(result["rejected"]),
            decimal=result["mapping"]["decimal"],
            order=result["mapping"]["order"],
            reject_ids=[Command.clear(), *self._reject_commands(result, labels)],
            total_ids=[
                Command.clear(),
                *(
                    Command.create({"currency_id": id_, "documents": documents, "amount": amount})
                    for id_, documents, amount in result["totals"]
                ),
            ],
            rejected_file=self._rejected_csv(result["rejected"], labels),
            rejected_filename=self.env._("rejected lines.csv"),
        )
        self.write(values)

    @staticmethod
    def _reject_commands(result, labels):
        rows = {}
        for line in result["rejected"]:
            shown = rows.setdefault(line.reason, [])
            if len(shown) < _ROWS_SHOWN:
                shown.append(str(line.row))
        for reason, count in result["reasons"].items():
            more = ", …" if count > _ROWS_SHOWN else ""
            yield Command.create(
                {"name": labels[reason], "count": count, "rows": ", ".join(rows[reason]) + more}
            )

    def _rejected_csv(self, rejected, labels):
        """:return: base64 of a CSV with row, reason and the culprit of each line rejected"""
        if not rejected:
            return False
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([self.env._("Row"), self.env._("Reason"), self.env._("Value")])
        writer.writerows((line.row, labels[line.reason], line.value) for line in rejected)
        return base64.b64encode(text.getvalue().encode("utf-8-sig"))

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Sales History"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _after_import(self):
        """:return: action: the lines, for those who may see money, else close"""
        if not self.env["crm.sales.history"].has_access("read"):
            return {"type": "ir.actions.act_window_close"}
        return self.source_id.action_open_history()
