"""Conditions of a rule in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.date_utils import parse_date

from ..lib import distance, evidence
from .stored_domain import path_fields

_AMOUNTS = ("integer", "float", "monetary")


@dataclass
class Words:
    """A condition in words.

    ``amount``: limit and value are figures; ``hidden``: they are left out of the text;
    ``masked``: the user may not even know the field. ``field`` is set where the condition
    is on a field of the customer itself.
    """

    text: str
    amount: bool = False
    hidden: bool = False
    masked: bool = False
    field: Any = None


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    def _condition_words(self, model, condition, visible):
        """One condition in the user's language, without amounts unless ``visible``.

        :param model: model that the condition is on, with the user's rights
        :param condition: a Domain of one condition
        """
        fields, allowed = self._path_fields(model, condition.field_expr)
        if not allowed or not fields:
            text = self.env._("A condition on data that you may not see")
            return Words(text, amount=True, hidden=True, masked=True)
        label = " › ".join(
            field.get_description(self.env, ["string"])["string"] for field in fields
        )
        field = fields[-1]
        amount = any(self._is_amount(one) for one in fields)
        own = field if len(fields) == 1 and "." not in condition.field_expr else None
        if condition.operator in ("any", "not any", "any!", "not any!"):
            return self._nested_words(condition, field, label, visible, amount)
        if amount and not visible:
            return Words(self._hidden_words(condition.operator, label), True, True, field=own)
        text = self._operator_words(condition.operator, condition.value, field, label)
        return Words(text, amount, field=own)

    def _path_fields(self, model, path):
        """Fields along a path, and whether the user may read all of them."""
        fields = path_fields(model, path)
        owners = [(self.env[field.model_name], field) for field in fields]
        return fields, all(
            owner.has_access("read") and owner._has_field_access(field, "read")
            for owner, field in owners
        )

    def _is_amount(self, field):
        """Figures of the customer, and whatever else is a number."""
        metrics = self.env["res.partner"]._customer_metrics()
        own = field.model_name == "res.partner" and field.name in metrics
        return own or (field.type in _AMOUNTS and field.name != "id")

    def _nested_words(self, condition, field, label, visible, amount):
        """``Orders: one of which State is Sale``."""
        model = self.env[field.comodel_name]
        if not isinstance(condition.value, (Domain, list, tuple)):
            return Words(label, amount, amount and not visible)
        domain = Domain(condition.value)
        inner = [self._condition_words(model, one, visible) for one in domain.iter_conditions()]
        texts = [one.text for one in inner]
        rule = evidence.sentence(evidence.parse(domain), texts, self._explain_words())
        if condition.operator.startswith("not"):
            text = self.env._("%(field)s: none of which %(rule)s", field=label, rule=rule)
        else:
            text = self.env._("%(field)s: one of which %(rule)s", field=label, rule=rule)
        amount = amount or any(one.amount for one in inner)
        return Words(text, amount, any(one.hidden for one in inner))

    def _hidden_words(self, operator, label):
        if operator in (">", ">="):
            return self.env._("%s reaches a limit", label)
        if operator in ("<", "<="):
            return self.env._("%s stays below a limit", label)
        return self.env._("%s is as the rule asks", label)

    def _operator_words(self, operator, value, field, label):
        """``Revenue is at least 100``."""
        if field.type == "boolean" and operator in ("=", "!=", "in", "not in"):
            yes = (True in self._listed(value)) is (operator in ("=", "in"))
            answer = self.env._("yes") if yes else self.env._("no")
            return self.env._("%(field)s: %(value)s", field=label, value=answer)
        values = self._listed(value)
        empty = all(one is False or one is None for one in values)
        if empty and field.type not in _AMOUNTS and operator in ("=", "in", "!=", "not in"):
            if operator in ("=", "in"):
                return self.env._("%s is not set", label)
            return self.env._("%s is set", label)
        limit = self._limit_words(field, values)
        return self._operator_template(operator, field, len(values)) % {
            "field": label,
            "value": limit,
        }

    def _operator_template(self, operator, field, count):
        dated = field.type in ("date", "datetime")
        if operator in (">", ">=", "<", "<="):
            return {
                (">", False): self.env._("%(field)s is more than %(value)s"),
                (">=", False): self.env._("%(field)s is at least %(value)s"),
                ("<", False): self.env._("%(field)s is less than %(value)s"),
                ("<=", False): self.env._("%(field)s is at most %(value)s"),
                (">", True): self.env._("%(field)s is after %(value)s"),
                (">=", True): self.env._("%(field)s is on or after %(value)s"),
                ("<", True): self.env._("%(field)s is before %(value)s"),
                ("<=", True): self.env._("%(field)s is on or before %(value)s"),
            }[operator, dated]
        if operator in ("=", "in"):
            if count == 1:
                return self.env._("%(field)s is %(value)s")
            return self.env._("%(field)s is one of %(value)s")
        if operator in ("!=", "not in"):
            if count == 1:
                return self.env._("%(field)s is not %(value)s")
            return self.env._("%(field)s is none of %(value)s")
        if operator in ("not like", "not ilike"):
            return self.env._("%(field)s doesn't contain %(value)s")
        if operator in ("like", "ilike"):
            return self.env._("%(field)s contains %(value)s")
        if operator == "child_of":
            return self.env._("%(field)s is or belongs to %(value)s")
        return self.env._("%(field)s matches %(value)s")

    def _listed(self, value):
        if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
            return [value]
        return list(value)

    def _limit_words(self, field, values):
        """Values that a rule names, formatted as on the customer."""
        ids = [one for one in values if isinstance(one, int) and not isinstance(one, bool)]
        if field.relational and ids:
            return self._record_names(field.comodel_name, ids)
        named = [self._limit_word(field, one) for one in values[:5]]
        if rest := len(values) - len(named):
            named.append(self.env._("%s more", rest))
        return ", ".join(named)

    def _limit_word(self, field, value):
        if isinstance(value, str) and field.type in ("date", "datetime"):
            return self._day_words(value)
        if isinstance(value, str) and field.type != "selection":
            return f"“{value}”"
        currency = self.env.company.currency_id
        if value is False and field.type in _AMOUNTS:
            value = 0
        return self.segmentation_id._format_value(field, value, currency)

    def _day_words(self, text):
        """``25 August 2026 (90 days ago)``: what a relative date means today."""
        day = format_date(self.env, self._limit_day(text))
        offsets = distance.relative(text)
        if offsets is None:
            return day
        if not offsets:
            return self.env._("%s (today)", day)
        if len(offsets) > 1:
            return day
        [(unit, number)] = offsets
        return f"{day} ({self._offset_words(unit, number)})"

    def _offset_words(self, unit, number):
        ago = number < 0
        return {
            ("days", True): self.env._("%s days ago", abs(number)),
            ("weeks", True): self.env._("%s weeks ago", abs(number)),
            ("months", True): self.env._("%s months ago", abs(number)),
            ("years", True): self.env._("%s years ago", abs(number)),
            ("days", False): self.env._("in %s days", number),
            ("weeks", False): self.env._("in %s weeks", number),
            ("months", False): self.env._("in %s months", number),
            ("years", False): self.env._("in %s years", number),
        }[unit, ago]

    def _limit_day(self, value):
        """The day that a date or relative date stands for today."""
        if isinstance(value, str):
            value = parse_date(value, self.segmentation_id._rule_env(self.env.company))
        return value.date() if isinstance(value, datetime) else value
