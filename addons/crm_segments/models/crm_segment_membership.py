"""Who is in which segment, since when, and why."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .metric_fields import EvidenceJson


class CrmSegmentMembership(models.Model):
    """A customer's stay in a segment.

    A row without an end is current. ``pinned`` rows are a person's decision and
    survive every run; a row pinned out keeps the customer out and is no
    membership. A stay lasts from ``date_from`` to the day before ``date_to``.
    """

    _name = "crm.segment.membership"
    _description = "Segment Membership"
    _order = "date_from desc, id desc"
    _rec_name = "segment_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    segment_id = fields.Many2one("crm.segment", required=True, index=True, ondelete="cascade")
    segmentation_id = fields.Many2one(
        "crm.segmentation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    date_from = fields.Date("Since", required=True)
    date_to = fields.Date("Until", help="Empty: still in the segment.")
    origin = fields.Selection(
        [("rule", "Rule"), ("manual", "By hand"), ("backfill", "Computed for the past")],
        required=True,
        default="rule",
    )
    pinned = fields.Selection(
        [("in", "Pinned in"), ("out", "Pinned out")],
        help="Decided by a person; no run changes it.",
    )
    pin_reason = fields.Char("Reason of the Pin", readonly=True)
    pin_user_id = fields.Many2one("res.users", "Pinned By", readonly=True, ondelete="set null")
    pin_until = fields.Date(
        "Pinned Until", readonly=True, help="The last day of the pin; empty: until it is taken off."
    )
    run_id = fields.Many2one(
        "crm.segmentation.run",
        "Decided By Run",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty: decided when the customer was saved or a document was posted.",
    )
    exclusive = fields.Boolean(
        readonly=True,
        export_string_translation=False,
        help="Technical: the database lets a customer have one such current stay only.",
    )
    code = fields.Char(
        "Verdict", help="What the method says of the customer, such as the three RFM scores."
    )
    evidence = EvidenceJson(
        help="What the decision rests on, with the values at that time.", readonly=True
    )
    left_evidence = EvidenceJson(
        "What Ended It",
        help="Verdicts and values on the day on which the stay ended.",
        readonly=True,
    )
    evidence_text = fields.Char("Why", compute="_compute_evidence_text")

    _current_uniq = models.UniqueIndex("(partner_id, segment_id, company_id) WHERE date_to IS NULL")
    # two transactions may place a customer at once: the second fails and is repeated
    _exclusive_uniq = models.UniqueIndex(
        "(partner_id, segmentation_id, company_id)"
        " WHERE date_to IS NULL AND exclusive AND pinned IS NULL"
    )
    _segmentation_company = models.Index("(segmentation_id, company_id) WHERE date_to IS NULL")
    # each run looks for these few among all
    _pin_ends = models.Index(
        "(segmentation_id, company_id, pin_until) WHERE date_to IS NULL AND pinned IS NOT NULL"
    )
    _not_exclusive = models.Index(
        "(segmentation_id, company_id) WHERE date_to IS NULL AND exclusive IS NOT TRUE"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Stays of an exclusive division are marked so, for the index."""
        segments = self.env["crm.segment"].sudo()
        for vals in vals_list:
            segment = segments.browse(vals["segment_id"])
            vals.setdefault("segmentation_id", segment.segmentation_id.id)
            vals.setdefault("exclusive", segment.segmentation_id.exclusive)
        return super().create(vals_list)

    @api.model
    def _current_domain(self, company):
        """Memberships that count now in ``company``.

        A pin outlives the rule, but nothing counts of what is switched off or archived.
        """
        in_use = Domain("enabled", "=", True) & Domain("active", "=", True)
        return (
            self._unended_domain(company)
            & Domain("segmentation_id", "any", in_use)
            & Domain("segment_id.active", "=", True)
        )

    @api.model
    def _unended_domain(self, company):
        """Memberships of now in ``company``, whether their segment is in use or not."""
        return (
            Domain("company_id", "=", company.id)
            & Domain("date_to", "=", False)
            & (Domain("pinned", "=", False) | Domain("pinned", "=", "in"))
        )

    def _evidence_visible(self):
        """Whether the user may see the figures in the evidence."""
        return self.partner_id.metrics_visible

    def _evidence_readable(self, values):
        """The values of fields that the user may read on a customer: rules may use others."""
        return {
            name: value
            for name, value in (values or {}).items()
            if self._evidence_name_readable(name)
        }

    def _evidence_name_readable(self, name):
        """Whether the user may read a field of a customer, or all that a path leads over."""
        partners = self.env["res.partner"]
        if "." in name:
            return bool(self.segment_id._linked_fields(self.partner_id, name))
        field = partners._fields.get(name)
        return field is None or partners._has_field_access(field, "read")

    def _check_evidence_asked(self, name):
        """The database knows the amounts in the evidence: nobody filters, sorts or groups by it.

        :raises AccessError: if ``name`` is evidence
        """
        if name in ("evidence", "left_evidence") and not self.env.su:
            raise AccessError(self.env._("Evidence can be read, but not searched or grouped."))

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        self._check_evidence_asked(field_name)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._check_evidence_asked(groupby_spec.partition(":")[0])
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        self._check_evidence_asked(aggregate_spec.partition(":")[0])
        return super()._read_group_select(aggregate_spec, query)

    @api.depends("evidence", "code")
    @api.depends_context("uid", "lang", "company")
    def _compute_evidence_text(self):
        for membership in self:
            membership.evidence_text = membership.segmentation_id._evidence_text(membership)
