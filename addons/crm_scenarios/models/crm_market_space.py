"""White space: what the customers of a segment buy from us, and what they don't."""

from odoo import models
from odoo.fields import Date
from odoo.tools import SQL

#: categories with most customers that are shown
MOST = 20


class CrmMarket(models.Model):
    _inherit = "crm.market"  # pylint: disable=consider-merging-classes-inherited

    def _white_space(self, company):
        """See :meth:`white_space`; one statement, by the leading segmentation."""
        purchases = self.env["crm.product.affinity"].with_company(company)
        purchases._flush_purchases()
        self.env["crm.segment.membership"].flush_model()
        today = self.env["crm.segmentation"]._today()
        rows = self.env.execute_query(
            SQL(
                """
                WITH bought AS MATERIALIZED (
                    SELECT DISTINCT s.segment_id, x.partner_id, t.categ_id
                    FROM (%(purchases)s) x
                    JOIN product_product q ON q.id = x.product_id
                    JOIN product_template t ON t.id = q.product_tmpl_id
                    JOIN crm_segment_membership s ON s.partner_id = x.partner_id
                        AND s.company_id = %(company)s AND s.segmentation_id = %(segmentation)s
                        AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
                    WHERE x.day > %(since)s AND x.quantity > 0)
                SELECT segment_id, categ_id, COUNT(DISTINCT partner_id)::int FROM bought
                GROUP BY GROUPING SETS ((segment_id), (segment_id, categ_id))
                HAVING GROUPING(categ_id) = 1 OR categ_id IS NOT NULL
                """,
                purchases=purchases._purchases_sql(company, today),
                company=company.id,
                segmentation=company._leading_segmentation().id or 0,
                since=Date.subtract(today, years=1).toordinal(),
            )
        )
        return self._space_matrix(rows)

    def _space_matrix(self, rows):
        customers, shares, totals = {}, {}, {}
        for segment_id, categ_id, count in rows:
            if categ_id is None:
                customers[segment_id] = count
            else:
                shares.setdefault(segment_id, {})[categ_id] = count
                totals[categ_id] = totals.get(categ_id, 0) + count
        first = sorted(totals, key=lambda categ: (-totals[categ], categ))[:MOST]
        segments = self.env["crm.segment"].browse(customers).sorted()
        return {
            "categories": [
                {"id": one.id, "name": one.display_name}
                for one in self.env["product.category"].browse(first)
            ],
            "segments": [
                {
                    "id": segment.id, "name": segment.name, "customers": customers[segment.id],
                    "shares": {
                        str(categ): shares.get(segment.id, {}).get(categ, 0) / customers[segment.id]
                        for categ in first
                    },
                }
                for segment in segments
            ],
        }  # fmt: skip
