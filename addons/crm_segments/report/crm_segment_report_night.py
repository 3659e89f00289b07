"""The report read at night, where reading the documents takes long."""

import json

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..models.own_call import READ_NOW, is_marked

#: columns of the report in the kept answer
_COLUMNS = {
    "id": "bigint", "segmentation_id": "int", "segment_id": "int", "company_id": "int",
    "month": "date", "is_leading": "boolean", "currency_id": "int", "members": "bigint",
    "joined": "bigint", "left": "bigint", "revenue": "numeric", "orders": "bigint",
    "purchase_money": "numeric", "revenue_all": "numeric", "share": "float8",
    "average_purchase": "numeric",
}  # fmt: skip


class CrmSegmentReport(models.Model):
    _inherit = "crm.segment.report"  # pylint: disable=consider-merging-classes-inherited

    read_at = fields.Datetime(
        "Read",
        readonly=True,
        aggregator="min",
        help="When the documents were read: with many customers last night, else just now.",
    )

    @property
    def _table_query(self):
        """The answer of last night, or the documents themselves."""
        if not is_marked(self.env, READ_NOW):
            # sudo: what is kept is what the query below would find; the report has its own access
            kept = self.env["crm.segment.kept"].sudo()._find(self._name, self._question())
            if kept:
                return self._kept_query(kept)
        live = super()._table_query
        return SQL("SELECT l.*, NOW() AT TIME ZONE 'UTC' AS read_at FROM (%s) l", live)

    def _kept_query(self, kept):
        """Rows of the kept answer whose segment is still there."""
        columns = [SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in _COLUMNS.items()]
        return SQL(
            """
            SELECT r.*, k.read_at
            FROM crm_segment_kept k, jsonb_to_recordset(k.rows) AS r(%s)
            JOIN crm_segmentation d ON d.id = r.segmentation_id
            LEFT JOIN crm_segment s ON s.id = r.segment_id
            WHERE k.id = %s AND (r.segment_id IS NULL OR s.id IS NOT NULL)
            """,
            SQL(", ").join(columns),
            kept.id,
        )

    def _question(self):
        """All that the answer depends on besides documents and stays, as text."""
        today = self.env["crm.segmentation"]._today()
        # sudo: which are in use is asked, whoever may read them
        divisions = self.env["crm.segmentation"].sudo()
        used = divisions.search([("enabled", "=", True)], order="id").ids
        leading = [one._leading_segmentation().id for one in self.env.companies.sorted("id")]
        settings = self.env["crm.segment.kept"]._settings()
        # where money is converted, to which currency and at whose rates
        main, companies = self.env.company, self.env.companies
        into = [main.currency_id.id, main.root_id.id] if len(companies.currency_id) > 1 else []
        return json.dumps([settings, used, leading, into, f"{today:%Y-%m}"])

    def _ask_at_night(self):
        """The one question: the report of the companies that are switched on."""
        yield self._question(), self._read_to_keep, self.env.cr.now()

    def _read_to_keep(self):
        """Rows of the report as dicts that JSON can hold."""
        self.env.flush_all()
        now = self.with_context(**READ_NOW)
        names = SQL(", ").join(map(SQL.identifier, _COLUMNS))
        rows = self.env.execute_query(
            SQL("SELECT to_jsonb(r) FROM (SELECT %s FROM (%s) q) r", names, now._table_query)
        )
        return [row for (row,) in rows]

    def action_read_again(self):
        """Forget what was read at night, so that the report reads the documents.

        :return: action that reloads the page
        :raises AccessError: for users who may not manage segmentations
        """
        if not self.env["crm.segmentation"].has_access("write"):
            raise AccessError(self.env._("Only those who manage segments may read them again."))
        # sudo: nobody may write the table; what is deleted is read anew
        self.env["crm.segment.kept"].sudo()._forget(self._name, [self._question()])
        return {"type": "ir.actions.client", "tag": "soft_reload"}
