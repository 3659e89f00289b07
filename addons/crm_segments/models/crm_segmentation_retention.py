"""The past is computed no further back than it is kept."""

from odoo import fields, models
from odoo.tools import SQL


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _kept_from(self, company, setting):
        """The first day that a company's setting in days reaches back to; None: for ever."""
        # sudo: a limit that holds for everybody
        days = company.sudo()[setting]
        return fields.Date.subtract(self._today(), days=days) if days else None

    def _days_to_play(self, company, start, months):
        """None before the days that are kept, nor before the oldest stay that is left."""
        days = super()._days_to_play(company, start, months)
        first = self._kept_from(company, "crm_segments_keep_stays")
        if first and (known := self._history_since(company)):
            first = min(first, known)
        return [day for day in days if not first or day >= first]

    def _write_past(self, company, start, schema):
        """Without what would be deleted tonight."""
        self._drop_expired(company, start, schema)
        return super()._write_past(company, start, schema)

    def _drop_expired(self, company, start, schema):
        """Take played stays, and reasons, whose time is over out of the shadow table."""
        for setting, change in (
            ("crm_segments_keep_stays", SQL("DELETE FROM crm_segment_membership m WHERE")),
            (
                "crm_segments_keep_evidence",
                SQL("UPDATE crm_segment_membership m SET evidence = NULL WHERE"),
            ),
        ):
            if first := self._kept_from(company, setting):
                self.env.cr.execute(
                    SQL("%s %s", change, self._expired_sql(company, start, schema, first))
                )

    def _expired_sql(self, company, start, schema, first):
        """Condition on played stays ``m``: ended before ``first``, and went on nowhere."""
        until = SQL("LEAST(m.date_to, %s)", start)
        return SQL(
            """
            m.segmentation_id = %(segmentation)s AND m.company_id = %(company)s
            AND %(until)s < %(first)s AND NOT %(goes_on)s
            """,
            segmentation=self.id,
            company=company.id,
            until=until,
            first=first,
            goes_on=self.env["crm.segment.membership"]._goes_on_sql(
                until, SQL.identifier(schema, "crm_segment_membership")
            ),
        )
