"""Rules for another day than today: what they say of days is counted from that day."""

from datetime import date, datetime

from odoo.fields import Domain

from ..lib import relative_days


def day_of(env):
    """The day that the rules are asked for, None for today.

    Only a plain date counts. No protocol carries one, so nobody asks from outside what a
    rule said on one day after the other: that would tell when a customer bought.
    """
    day = env.context.get("segments_today")
    return day if isinstance(day, date) and not isinstance(day, datetime) else None


def on_day(env, domain, model):
    """The domain with relative dates resolved for the day of the rules, where one is given.

    The host resolves ``today -30d`` by the clock; the context key ``segments_today`` asks
    for another day.

    :param domain: Domain on ``model``
    :return: Domain
    """
    day = day_of(env)
    if not day:
        return domain
    start = int(env["res.lang"]._get_data(code=env.user.lang).week_start) - 1
    return domain.map_conditions(lambda condition: _resolved(condition, model, day, start))


def _resolved(condition, model, day, start):
    value, field = condition.value, _last_field(model, condition.field_expr)
    if "any" in condition.operator and isinstance(value, (Domain, list, tuple)):
        inner = model.env[field.comodel_name]
        value = Domain(value).map_conditions(lambda one: _resolved(one, inner, day, start))
    elif field is not None and field.type in ("date", "datetime"):
        several = not isinstance(value, str) and hasattr(value, "__iter__")
        values = [
            relative_days.resolve(one, day, start) if relative_days.is_relative(one) else one
            for one in (value if several else [value])
        ]
        value = values if several else values[0]
    else:
        return condition
    return Domain(condition.field_expr, condition.operator, value)


def _last_field(model, path):
    """The field that a path ends with; None where it ends with a part of a date."""
    field = None
    for name in path.split("."):
        field = model._fields.get(name)
        if field is None:
            return None
        model = model.env[field.comodel_name] if field.relational else model
    return field
