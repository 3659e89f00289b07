"""A customer who doesn't exist: which conditions the given values decide, and how."""

from odoo.exceptions import UserError
from odoo.fields import Command

from ..lib import ternary

#: never said by the values of a customer: what the database gives, or the very question
_UNSAID = {
    "id", "create_date", "write_date", "create_uid", "write_uid",
    "segment_ids", "leading_segment_id",
}  # fmt: skip
#: default by who is logged in, so they count only if they are given
_PERSONAL = {"lang", "tz"}


class Hypothetical:
    """A customer with some values, in the environment that rules are evaluated in.

    A value that isn't given is known where a new customer would have a plain
    default: an empty field, or the host's default. Unknown are one2many and
    many2many fields that aren't given, what only a query can tell, and figures as
    soon as one figure is given: such a customer has a past, of which the rest
    isn't told. With no figure given, the customer is new and all read as zero.

    :param env: environment of the rules: superuser, one company
    :param dict values: field name → value, checked by ``_checked_values``
    """

    def __init__(self, env, values):
        self.env = env
        self.given = dict(values)
        self.metrics = env["res.partner"]._customer_metrics()
        self.has_past = not self.metrics.keys().isdisjoint(values)
        self.given.setdefault("is_crm_customer", self._is_customer())
        self.record = env["res.partner"].new(self._cache_values())
        self._verdicts = {}

    def _is_customer(self):
        """Whoever has figures is one, as is anybody who is not a mere supplier."""
        proofs = ("customer_rank", *self.metrics)
        supplier = self.given.get("supplier_rank")
        return not supplier or any(self.given.get(name) for name in proofs)

    def _cache_values(self):
        fields = self.env["res.partner"]._fields
        plain = [name for name in fields if name not in self.given and self._is_plain(name)]
        values = {**self.env["res.partner"].default_get(plain), **self.given}
        return {
            name: [Command.set(value or [])] if fields[name].type.endswith("2many") else value
            for name, value in values.items()
        }

    def belongs_to(self, company):
        """Whether ``company`` would deal with it as a customer of its own."""
        contact = self.given.get("parent_id") and not self.given.get("is_company")
        owner = self.given.get("company_id")
        return (
            not contact
            and self.given.get("active", True)
            and (not owner or owner in company.parent_ids.ids)
        )

    def knows(self, name):
        """Whether the value of a field is given, or follows from what is."""
        if name in _UNSAID:
            return False
        if name in self.given:
            return True
        if name in self.metrics:
            return not self.has_past
        return self._is_plain(name) or self._follows(name)

    def _is_plain(self, name):
        """A column that stays at its default when nobody fills it."""
        field = self.env["res.partner"]._fields.get(name)
        return (
            field is not None
            and bool(field.store and field.column_type)
            and not (field.compute or field.related or field.company_dependent)
            and name not in _UNSAID | _PERSONAL
        )

    def _follows(self, name, above=()):
        """Whether it is computed from fields that are known, so not by looking things up."""
        field = self.env["res.partner"]._fields.get(name)
        computed = field is not None and (field.related or field.compute and field.store)
        if not computed or name in _PERSONAL or field.type.endswith("2many"):
            return False
        depends = {
            path.split(".")[0] for path in self.env.registry.field_depends.get(field, ())
        } - {name}  # fmt: skip
        return not depends & set(above) and all(
            one in self.given or self._is_plain(one) or self._follows(one, (*above, name))
            for one in depends
        )

    def value(self, name):
        """The value of a field that is known, figures as plain numbers or dates."""
        if name in self.metrics:
            return self.given.get(name) or self.metrics[name]
        return self.record[name]

    def satisfies(self, domain):
        """True, False, or None where the values don't decide it.

        :param domain: Domain on customers
        """
        return ternary.of_tree(domain, self._decide)

    def _decide(self, leaf):
        if leaf.is_true() or leaf.is_false():
            return leaf.is_true()
        name = getattr(leaf, "field_expr", "id").split(".")[0]
        if not self.knows(name):
            return None
        try:
            return bool(self.record.filtered_domain(leaf))
        except (UserError, ValueError, TypeError, LookupError, AssertionError, NotImplementedError):
            return None  # a condition that only the database can judge

    def verdicts(self, segmentation):
        """Segment → True, False or None, for the active segments of a segmentation."""
        if segmentation not in self._verdicts:
            # segments that lead back here can't be decided
            unknown = dict.fromkeys(segmentation.segment_ids.filtered("active"))
            self._verdicts[segmentation] = unknown
            self._verdicts[segmentation] = {**unknown, **segmentation._verdicts(self)}
        return self._verdicts[segmentation]

    def verdict(self, segment):
        """Whether it would be in the segment; in one that isn't in use nobody is."""
        segmentation = segment.segmentation_id
        used = segment.active and segmentation.enabled and segmentation.active
        if not used or segmentation.company_id not in (self.env.company, self.env["res.company"]):
            return False
        return self.verdicts(segmentation)[segment]
