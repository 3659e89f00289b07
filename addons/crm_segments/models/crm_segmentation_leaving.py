"""What the rules said of those who leave a segment, kept with the stay that ends."""

from odoo import models
from odoo.tools import SQL


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _left_evidence_sql(self, segments):
        """SELECT of (partner_id, segment_id, evidence) for the rows of the CTE ``ended``.

        :param segments: crm.segment records that occur there
        """
        parts = [
            segment.segmentation_id._left_select(segment)
            for segment in segments
            if segment.segmentation_id in self
        ]
        return SQL(" UNION ALL ").join(parts or [self._no_evidence()])

    def _left_select(self, segment):
        """Verdicts and values on the day of leaving; 'everybody else' has none of its own."""
        if self.method == "rule" and not segment.is_rest and segment.active:
            return self._rule_evidence(segment, "ended")
        names = [*self._figures_read(), *self.field_id.mapped("name")]
        query = self._those_of("ended", segment)
        parts = [self._evidence_basis(*names)]
        parts += self._named_values_sql(self._one_value(names), query)
        return query.select(
            SQL.identifier(query.table, "id"), SQL("%s", segment.id), SQL(" || ").join(parts)
        )
