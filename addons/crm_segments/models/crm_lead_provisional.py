"""Segments of a lead: those of its customer, or provisional ones while it has none."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

#: the stored provisional segments
RELATION = "crm_lead_provisional_segment_rel"


class CrmLead(models.Model):
    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    provisional_segment_ids = fields.Many2many(
        "crm.segment",
        RELATION,
        "lead_id",
        "segment_id",
        "Provisional Segments",
        groups="crm_segments.group_segments_user",
        readonly=True,
        copy=False,
        help="Segments that a lead without a customer fits by its own industry, country, tags "
        "and rules for leads. A lead with a customer shows the customer's segments.",
    )
    segments_provisional = fields.Boolean(
        "Segments Are Provisional",
        compute="_compute_leading_segment_id",
        groups="crm_segments.group_segments_user",
        help="Nothing has been bought yet: the first purchase decides where the customer belongs.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Provisional segments follow from the rules."""
        self._check_provisional_given(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        """Provisional segments follow from the rules."""
        self._check_provisional_given(vals)
        return super().write(vals)

    def _check_provisional_given(self, names):
        if "provisional_segment_ids" in names and not self.env.su:
            raise AccessError(self.env._("Only the rules decide provisional segments."))

    @api.depends("partner_id", "provisional_segment_ids")
    @api.depends_context("company", "uid")
    def _compute_segment_ids(self):
        """Those of the customer, so that a form shows them as soon as one is chosen."""

        def segments(lead):
            # sudo: segments are shown to whoever sees the lead, also without its customer
            customer = lead.partner_id.sudo()
            found = customer.segment_ids if customer else lead.sudo()._provisional_segments()
            return found.sudo(self.env.su)

        for found, leads in self.grouped(segments).items():
            leads.segment_ids = found

    @api.depends("partner_id", "provisional_segment_ids")
    @api.depends_context("company", "uid")
    def _compute_leading_segment_id(self):
        """Badge and whether it is provisional: the board of opportunities shows both."""
        leading = self.env.company._leading_segmentation()
        # sudo: as in _compute_segment_ids
        every = self.sudo()
        badges = every.partner_id._badges() if every.partner_id else {}

        def badge(lead):
            if customer := lead.partner_id.commercial_partner_id:
                return badges.get(customer._origin.id, (False, False))
            found = lead._provisional_segments()
            ours = found.filtered(lambda one: one.segmentation_id.id == leading.id)
            return ours[:1].id, False

        for (segment_id, bought), leads in every.grouped(badge).items():
            alike = leads.sudo(self.env.su)
            alike.leading_segment_id = segment_id
            alike.segments_provisional = not bought

    def _provisional_segments(self):
        """Provisional segments that count in the current company, ordered as on the card."""
        shown = self.provisional_segment_ids.filtered_domain(self._shown_provisionally())

        def position(segment):
            division = segment.segmentation_id
            return division.sequence, division.id, segment.sequence, segment.id

        return shown.sorted(position)

    @api.model
    def _invalidate_provisional(self):
        """Forget what was read before a hand-written statement changed it."""
        self.invalidate_model(["provisional_segment_ids", "segment_ids", "leading_segment_id"])

    @api.model
    def _shown_provisionally(self):
        """Provisional segments that count in the current company, as a domain on segments."""
        return (
            Domain("company_id", "in", [False, self.env.company.id])
            & Domain("active", "=", True)
            & Domain("segmentation_id.enabled", "=", True)
            & Domain("segmentation_id.active", "=", True)
        )

    def _with_segment(self, condition):
        """Leads whose customer is in such a segment, or that have none and fit provisionally."""
        segments = self._shown_provisionally() & condition.map_conditions(_on_segment)
        provisional = Domain("partner_id", "=", False) & Domain(
            "provisional_segment_ids", "any", segments
        )
        return super()._with_segment(condition) | provisional

    def _segment_sql(self, alias, query, segmentation=None):
        """The customer's segment; without a customer the provisional one."""
        found = super()._segment_sql(alias, query, segmentation)
        company = self.env.company
        link = f"provisional_{company.id}_{segmentation.id if segmentation else 'all'}"
        joined = query.make_alias(alias, link)
        query.add_join(
            "LEFT JOIN", joined, SQL("(%s)", self._provisional_sql(segmentation)),
            SQL(
                "%s = %s AND %s IS NULL",
                SQL.identifier(joined, "lead_id"), SQL.identifier(alias, "id"),
                self._field_to_sql(alias, "partner_id", query),
            ),
        )  # fmt: skip
        return SQL("COALESCE(%s, %s)", found, SQL.identifier(joined, "segment_id"))

    def _provisional_sql(self, segmentation):
        """SELECT of (lead_id, segment_id) that count in the current company."""
        division = SQL("TRUE") if segmentation is None else SQL("d.id = %s", segmentation.id or 0)
        return SQL(
            """
            SELECT r.lead_id, r.segment_id FROM %(relation)s r
            JOIN crm_segment s ON s.id = r.segment_id AND s.active
             AND COALESCE(s.company_id, %(company)s) = %(company)s
            JOIN crm_segmentation d ON d.id = s.segmentation_id AND d.enabled AND d.active
            WHERE %(division)s
            """,
            relation=SQL.identifier(RELATION),
            company=self.env.company.id,
            division=division,
        )


def _on_segment(condition):
    """A condition on a membership as one on the segment itself."""
    path, operator, value = condition.field_expr, condition.operator, condition.value
    if path != "segment_id":
        return Domain(path.removeprefix("segment_id."), operator, value)
    if operator == "any":
        return Domain(value)
    return Domain("id" if operator == "in" else "display_name", operator, value)
