"""Which fields of a customer the rules read, so that other changes cost nothing."""

from odoo import api, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..lib.move_cause import FALLING, RISING
from ..lib.relative_days import is_relative

#: fields that decide who belongs to the population, whatever its domain
_ALWAYS = {"active", "company_id", "supplier_rank", "customer_rank"}


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _reads_partner_fields(self, names):
        """Whether a change of these fields of a customer can move it."""
        return any(not read.isdisjoint(names) for read in self._fields_read().values())

    def _reading(self, names):
        """Those of these segmentations that a change of the fields can concern.

        :param names: names of partner fields, None for any
        """
        if names is None:
            return self
        read = self._fields_read()
        touched = self.filtered(lambda one: not read.get(one.id, frozenset()).isdisjoint(names))
        # who reads the members of a segment that may change is evaluated after it
        return touched._with_readers() & self

    @api.model
    @tools.ormcache("self._draft()")
    def _fields_read(self):
        """Id of each segmentation in use → names of the partner fields that it reads."""
        return {one.id: one._own_fields_read() for one in self._enabled()}

    def _own_fields_read(self):
        names = _ALWAYS | {name for model, name in self._rule_reads() if model == "res.partner"}
        if self.field_id:
            names.add(self.field_id.name)
        names |= set(self._figures_read())
        return frozenset(self._with_dependencies(names))

    def _rule_reads(self):
        """(model, field) of all that population and rules read, also of contacts and leads."""
        domains = [self._safe_domain(self._population_domain)]
        domains += [self._safe_domain(segment._rule_domain) for segment in self.segment_ids]
        partners = self.env["res.partner"]
        return {found for domain in domains for found in fields_read(partners, domain)}

    @api.model
    @tools.ormcache("self._draft()")
    def _lead_fields_of_rules(self):
        """Names of the lead fields by which rules on customers judge their opportunities."""
        names = {
            name
            for one in self._enabled()
            for model, name in one._rule_reads()
            if model == "crm.lead"
        }
        return frozenset(self._with_dependencies(names, "crm.lead"))

    def _moves_by_time(self):
        """Whether customers can move although nothing happens: dates come, figures wear off."""
        domains = [self._safe_domain(self._population_domain)]
        domains += [self._safe_domain(segment._rule_domain) for segment in self.segment_ids]
        worn = self._own_fields_read() & {*FALLING, *RISING}
        return bool(worn) or any(map(_counts_from_today, domains))

    def _figures_read(self):
        """Figures that the method itself divides by: opportunities change some of them."""
        if self.method in ("tier", "abc"):
            return [self.metric]
        return self._rfm_metrics() if self.method == "rfm" else []

    def _with_dependencies(self, names, model="res.partner"):
        """Add what computed fields are computed from: a rule on one is moved by the others."""
        fields = self.env[model]._fields
        found, pending = set(), list(names)
        while pending:
            name = pending.pop()
            if name in found or name not in fields:
                continue
            found.add(name)
            depends = self.env.registry.field_depends.get(fields[name], ())
            pending += [path.split(".")[0] for path in depends]
        return found

    def _safe_domain(self, read):
        """A rule that broke meanwhile fails in its run, not when a customer is saved."""
        try:
            return read()
        except ValidationError:
            return Domain.TRUE


def fields_read(model, domain):
    """(model name, field name) of each field that a domain on ``model`` reads.

    Every part of a path counts, and what stands inside of an ``any``: a customer moves too
    when one of its contacts or leads changes.
    """
    for condition in domain.iter_conditions():
        last = model
        for name in condition.field_expr.split("."):
            field = last._fields.get(name) if last is not None else None
            if field is None:
                last = None
                break  # a part of a date, or a property
            yield last._name, name
            last = last.env[field.comodel_name] if field.relational else None
        inner = "any" in condition.operator and isinstance(condition.value, (Domain, list, tuple))
        if inner and last is not None:
            yield from fields_read(last, Domain(condition.value))


def _counts_from_today(domain):
    """Whether a condition, or one inside of an ``any``, means a day counted from today."""
    for condition in domain.iter_conditions():
        value = condition.value
        if "any" in condition.operator and isinstance(value, (Domain, list, tuple)):
            if _counts_from_today(Domain(value)):
                return True
            continue
        several = not isinstance(value, str) and hasattr(value, "__iter__")
        if any(map(is_relative, value if several else [value])):
            return True
    return False
