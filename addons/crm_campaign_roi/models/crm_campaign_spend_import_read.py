"""Import of ad spend: reading the file into a temporary table, and what is in the way."""

import base64
from decimal import Decimal

from markupsafe import Markup, escape
from odoo import models
from odoo.addons.crm_segments.lib.tabular import TabularError
from odoo.addons.crm_segments.models.crm_sales_history_import import _CopyStream
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.spend_file import SpendFile
from ..lib.spend_period import spread
from ..lib.spend_rows import Reading

_SHOWN = 8
_CENT = Decimal("0.01")
#: days that one row may cover
_LONGEST = 1100
_STAGE = SQL(
    "day date, account text, external text, name text, cost numeric, impressions bigint,"
    " clicks bigint, conversions numeric, is_spread boolean"
)


class CrmCampaignSpendImport(models.Model):
    _inherit = "crm.campaign.spend.import"  # pylint: disable=consider-merging-classes-inherited

    def _read_file(self):
        """Read the file into ``crm_spend_stage`` and note on the import what was recognised.

        :return: list of texts: what is in the way of importing it
        :raise UserError: a file that can't be read
        """
        try:
            file = self._open_file(base64.b64decode(self.file))
            reading, preview = Reading(file), []
            self._stage(reading, preview)
        except TabularError as error:
            raise UserError(self._explain_file(error)) from error
        currency = self._currency(reading)
        self._note(file, reading, currency, preview)
        self._match()
        problems = self._problems(file, reading, currency)
        self.message = "\n".join([*problems, *self._remarks(file)])
        self.state = "draft" if problems else "checked"
        return problems

    def _open_file(self, content):
        """The file as people map it, as it is recognised, or as a platform's last one was."""
        given = {"columns": {one.role: one.header or "" for one in self.column_ids}}
        given |= {name: self[name] for name in ("decimal", "order") if self[name]}
        try:
            return SpendFile(content, given)
        except TabularError as error:
            if error.code != "no_header":
                raise
            for platform in self._mapped_platforms():
                try:
                    file = SpendFile(content, platform.mapping)
                except TabularError:
                    continue
                self.platform_id = platform
                return file
            raise

    def _mapped_platforms(self):
        if self.platform_id.mapping:
            return self.platform_id
        return self.env["crm.campaign.platform"].search([]).filtered("mapping")

    def _stage(self, reading, preview):
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS crm_spend_stage"))
        cr.execute(SQL("CREATE TEMP TABLE crm_spend_stage (%s) ON COMMIT DROP", _STAGE))
        stream = _CopyStream(self._staged(reading, preview))
        cr.copy_expert("COPY crm_spend_stage FROM STDIN (FORMAT csv)", stream, 1 << 17)
        cr.execute(SQL("ANALYZE crm_spend_stage"))

    def _staged(self, reading, preview):
        """Yield the rows of the temporary table, a day each."""
        factor = 1 / (1 + Decimal(str(self.vat_percent)) / 100)
        for row in reading:
            first, last = row.first or self.date_from, row.last or self.date_to
            if len(preview) < _SHOWN:
                preview.append(
                    [str(first or ""), str(last or ""), row.account, row.campaign_id, row.campaign,
                     str(row.cost), row.currency, row.impressions, row.clicks]
                )  # fmt: skip
            if not first or not last or (last - first).days > _LONGEST:
                continue
            cost = row.cost if factor == 1 else (row.cost * factor).quantize(_CENT)
            yield from self._days(row, cost, first, last)

    def _days(self, row, cost, first, last):
        external = row.campaign_id or row.campaign
        start = row.account or "-", external, row.campaign
        if first == last:
            yield (first, *start, cost, row.impressions, row.clicks, row.conversions, False)
            return
        shares = zip(
            spread(cost, first, last), spread(row.impressions, first, last, 0),
            spread(row.clicks, first, last, 0), spread(row.conversions, first, last, 4),
            strict=True,
        )  # fmt: skip
        for (day, part), *counts in shares:
            yield (day, *start, part, *(count for _day, count in counts), True)

    def _currency(self, reading):
        """The currency of the rows: what they say, else that of the company."""
        codes = {code for code in reading.currencies if code}
        if len(codes) != 1:
            return self.company_id.currency_id if not codes else self.env["res.currency"]
        Currency = self.env["res.currency"].with_context(active_test=False)
        return Currency.search([("name", "in", list(codes))], limit=1)

    def _note(self, file, reading, currency, preview):
        """Write on the import what was recognised."""
        [[accounts, campaigns]] = self.env.execute_query(
            SQL(
                "SELECT STRING_AGG(DISTINCT NULLIF(account, '-'), ', '), COUNT(DISTINCT external)"
                " FROM crm_spend_stage"
            )
        )
        self.write(
            {
                "platform": file.format.code,
                "platform_id": self._platform(file).id,
                "currency_id": currency.id,
                "account": accounts,
                "encoding": file.table.encoding if file.table.kind == "csv" else "XLSX",
                "delimiter": {"\t": "Tab"}.get(file.table.delimiter, file.table.delimiter),
                "decimal": file.decimal,
                "order": file.order,
                "row_count": reading.count,
                "campaign_count": campaigns,
                "first_date": reading.first or self.date_from,
                "last_date": reading.last or self.date_to,
                "total_rows": float(reading.total),
                "total_file": float(reading.file_total or 0),
                "has_total": reading.file_total is not None,
                "preview": preview,
            }
        )

    def _platform(self, file):
        """The platform that the rows stand under; known ones are created by their name."""
        if self.platform_id:
            return self.platform_id
        Platform = self.env["crm.campaign.platform"]
        found = Platform.search([("name", "=ilike", file.format.name)], limit=1)
        if found or file.format.code == "other":
            return found
        return Platform.create({"name": file.format.name})

    def _render_preview(self, rows):
        """The first rows as a table."""
        head = (
            self.env._("From"), self.env._("To"), self.env._("Account"), self.env._("Number"),
            self.env._("Campaign"), self.env._("Cost"), self.env._("Currency"),
            self.env._("Impressions"), self.env._("Clicks"),
        )  # fmt: skip
        cells = Markup("").join(Markup("<th>%s</th>") % one for one in head)
        body = Markup("").join(
            Markup("<tr>%s</tr>")
            % Markup("").join(Markup("<td>%s</td>") % escape(one) for one in row)
            for row in rows
        )
        table = Markup(
            '<table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
        )
        return table % (cells, body)
