"""Whoever writes a rule may use only what the host lets them read.

Rules are evaluated with all rights, and who is in a segment can be read by many: a rule
on hidden data would tell it to its author, one comparison after the other. Figures of
customers are left to ``metric_fields``: rules on them are what segments are for.
"""

from odoo.exceptions import AccessError
from odoo.fields import Domain


def check_rule_rights(env, domain, model_name, label):
    """Refuse a rule on fields or records that the user may not read.

    :param env: environment with the rights of the author; superuser may use everything
    :param domain: Domain on the model
    :raises AccessError: naming the first such condition
    """
    if env.su:
        return
    for condition in domain.iter_conditions():
        check_path_rights(env[model_name], condition.field_expr, label, condition)


def check_path_rights(model, path, label, condition=None):
    """Refuse a path with a field, or through a model, that the user may not read.

    :param condition: Domain of one condition that ends the path
    :raises AccessError: naming the path
    """
    env = model.env
    names = path.split(".")
    for index, name in enumerate(names):
        field = model._fields.get(name)
        if field is None:
            return  # a property, or a part of a date
        refused = not model._has_field_access(field, "read")
        if not refused and field.relational:
            model = env[field.comodel_name]
            inner = condition is not None and isinstance(condition.value, (Domain, list, tuple))
            inner = inner and "any" in condition.operator
            last = index == len(names) - 1
            refused = (inner or not last) and not model.has_access("read")
            if last and inner and not refused:
                check_rule_rights(env, Domain(condition.value), model._name, label)
        if refused:
            raise AccessError(
                env._(
                    "The rule of “%(label)s” reads data that you may not see: %(path)s",
                    label=label,
                    path=path,
                )
            )
