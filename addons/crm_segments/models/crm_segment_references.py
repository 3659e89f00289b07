"""Segments that include, exclude or mention other segments."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: fields whose conditions read the members of segments
_MEMBERSHIP_FIELDS = ("segment_ids", "leading_segment_id")


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    @api.constrains("include_segment_ids", "exclude_segment_ids", "domain", "segmentation_id")
    def _check_references(self):
        """Refuse cycles, with the path named; two ways to the same segment are none."""
        if rules := self.filtered(lambda one: one.method == "rule"):
            self.env["crm.segmentation"]._check_graph(rules.segmentation_id)

    def _own_references(self):
        """Segments whose members decide who is in this one."""
        self.ensure_one()
        # sudo: what a rule reads is the same for everybody
        own = self.sudo()
        named = own.include_segment_ids | own.exclude_segment_ids
        domain = own.segmentation_id._safe_domain(own._rule_domain)
        return (named | own._mentioned(domain)) - own

    def _member_domain(self):
        """Who belongs here, before order, pins and stays: rule or included, and not excluded.

        :raises ValidationError: if the rule can't be read
        """
        self.ensure_one()
        own = self.sudo()  # sudo: the rule is part of the evaluation, not shown
        domain = own._rule_domain()
        if own.include_segment_ids:
            included = self._in_segments(own.include_segment_ids)
            domain = included if domain.is_true() else domain | included
        if own.exclude_segment_ids:
            domain &= ~self._in_segments(own.exclude_segment_ids)
        return domain

    def _in_segments(self, segments):
        """Domain of the customers who are stored members of any of ``segments``."""
        Membership = self.env["crm.segment.membership"]
        in_use = segments.filtered(
            lambda one: one.active and one.segmentation_id.active and one.segmentation_id.enabled
        )
        members = Membership._search(
            Membership._unended_domain(self.env.company) & Domain("segment_id", "in", in_use.ids)
        )
        return Domain("id", "in", members.subselect("partner_id"))

    def _mentioned(self, domain):
        """Segments that the conditions of a domain on customers name."""
        found = self.browse()
        for condition in domain.iter_conditions():
            parts = condition.field_expr.split(".")
            names = [name for name in _MEMBERSHIP_FIELDS if name in parts]
            if names:
                rest = ".".join(parts[parts.index(names[0]) + 1 :])
                found |= self._condition_segments(rest, condition)
        return found

    def _condition_segments(self, path, condition):
        """Segments that a condition on segments is about, whether wanted or not."""
        operator, value = condition.operator, condition.value
        if operator.startswith(("not ", "!")):
            operator = {"!=": "="}.get(operator, operator.removeprefix("not "))
        text = isinstance(value, str) or (
            operator == "in" and any(isinstance(one, str) for one in value)
        )
        name = path or ("name" if text else "id")
        every = self.with_context(active_test=False)
        if operator in ("any", "any!"):
            return every.search(value)
        if value is False or operator == "in" and not any(value):
            return every.browse()
        return every.search([(name, operator, value)])

    def _check_not_read_by_siblings(self, reads):
        """In an exclusive division nobody is in two segments, so reading another gives nothing.

        :param dict reads: id of each segment → ids of the segments that it reads
        """
        for segment in self:
            siblings = segment.segmentation_id.segment_ids
            if same := siblings.filtered(lambda one: one.id in reads.get(segment.id, ())):  # noqa: B023
                raise ValidationError(
                    self.env._(
                        "“%(one)s” reads the members of “%(other)s”, but “%(division)s” is "
                        "exclusive: a customer can't be in both. Let its segments overlap, or "
                        "use another segmentation.",
                        one=segment.name,
                        other=same[0].name,
                        division=segment.segmentation_id.name,
                    )
                )
