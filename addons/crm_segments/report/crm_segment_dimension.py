"""Segments as a dimension of a report whose rows are of several companies."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmSegmentDimension(models.AbstractModel):
    """Each row shows the segment that its customer has now in the row's own company.

    The report has a ``company_id`` and says by ``_segment_customer_sql`` whose row it is.
    Nothing is joined before somebody groups or filters by a segment: ungrouped totals are
    those of the host. ``leading_segment_id`` comes from an exclusive segmentation, so groups
    add up to the total; by ``segment_ids`` a row counts once in each of its segments.
    """

    _name = "crm.segment.dimension"
    _description = "Segments as a Dimension of a Report"
    _inherit = ["crm.segment.mixin"]

    # other columns of the same names would be taken for columns of the view
    leading_segment_id = fields.Many2one(string="Segment")
    segment_ids = fields.Many2many(string="Segments")

    def _leading_by_company(self):
        """Id of each company switched on → its leading segmentation."""
        return {one.id: one._leading_segmentation().id or 0 for one in self.env.companies}

    def _membership_link(self, segmentation):
        return f"segments_of_row_{'all' if segmentation is None else 'leading'}"

    def _membership_company_sql(self, alias, query):
        return self._field_to_sql(alias, "company_id", query)

    def _membership_segmentation_sql(self, alias, query, _segmentation):
        """The leading segmentation of the row's company."""
        cases = [SQL("WHEN %s THEN %s", *pair) for pair in self._leading_by_company().items()]
        company = self._membership_company_sql(alias, query)
        return SQL("CASE %s %s ELSE 0 END", company, SQL(" ").join(cases))

    def _current_membership_domain(self):
        membership = self.env["crm.segment.membership"]
        return Domain.OR(membership._current_domain(one) for one in self.env.companies)

    def _leading_membership_domain(self):
        pairs = self._leading_by_company().items()
        return Domain.OR(
            Domain("company_id", "=", company) & Domain("segmentation_id", "=", leading)
            for company, leading in pairs
        )

    def _customer_in(self, memberships):
        """Rows whose customer is, in the row's company, a partner of the query."""

        def to_sql(model, alias, query):
            return SQL(
                "COALESCE((%s, %s) IN %s, FALSE)",
                model._segment_customer_sql(alias, query),
                model._membership_company_sql(alias, query),
                memberships.subselect(
                    *(
                        SQL.identifier("crm_segment_membership", name)
                        for name in ("partner_id", "company_id")
                    )
                ),
            )

        return Domain.custom(to_sql=to_sql)

    def _segments_company(self):
        return self.company_id

    @api.depends("company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_segment_ids(self):
        return super()._compute_segment_ids()

    @api.depends("company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_leading_segment_id(self):
        return super()._compute_leading_segment_id()
