"""Reading a domain that a user has typed: safely, and with errors in the user's words."""

import ast
import logging

import psycopg2
from dateutil.relativedelta import relativedelta
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger
from odoo.tools.safe_eval import datetime, safe_eval, time

from .rule_day import day_of, on_day

_logger = logging.getLogger(__name__)

#: what a text that is no usable domain may raise
_UNUSABLE = (
    UserError, ValueError, TypeError, LookupError, SyntaxError, NameError, AttributeError,
    ArithmeticError, AssertionError, RuntimeError, MemoryError,
)  # fmt: skip
#: what the host's domain editor may write besides literals
_NAMES = {"context_today", "datetime", "relativedelta", "time", "True", "False", "None"}


def parse_domain(env, text, model_name, label):
    """Return the :class:`Domain` stored in ``text``, checked against the model.

    :param str text: domain as the host's editor writes it, empty for 'all'
    :param str model_name: model that the domain is for
    :param str label: what the domain belongs to, for the message
    :raises ValidationError: if it can't be read, names the user who happens to
        be logged in, or uses a field that doesn't exist or can't be searched
    """
    try:
        _refuse_user_names(env, text or "[]", label)
        rules = env["crm.segmentation"]
        day = day_of(env)
        domain = rules._checked_domain(text or "[]", model_name, rules._today(), day)
    except ValidationError:
        raise
    except _UNUSABLE as error:
        if path := missing_path(env, text, model_name):
            _logger.info("The rule of %s can't be used: %s", label, error)
            raise ValidationError(
                env._(
                    "The rule of “%(label)s” uses a field that doesn't exist (any more): %(field)s",
                    label=label,
                    field=path,
                )
            ) from error
        raise ValidationError(
            env._("The rule of “%(label)s” can't be used: %(reason)s", label=label, reason=error)
        ) from error
    return domain


def checked_domain(env, text, model_name):
    """The domain of a text that names no user; an error of any kind if it can't be used."""
    domain = Domain(_evaluate(env, text))
    domain.validate(env[model_name])
    # building the query finds what validation alone lets pass
    env[model_name]._search(domain)
    return on_day(env, domain, env[model_name])


def missing_path(env, text, model_name):
    """The first path of a domain's text with a field that there isn't.

    :return: str, None where all fields exist or the text is no domain
    """
    try:
        domain = Domain(_evaluate(env, text))
    except _UNUSABLE:
        return None
    return _missing_in(env[model_name], domain)


def _missing_in(model, domain):
    for condition in domain.iter_conditions():
        last, field = model, None
        for name in condition.field_expr.split("."):
            if field is not None and field.type in ("date", "datetime", "properties"):
                break  # a part of the date, or a property
            if last is None or name not in last._fields:
                return condition.field_expr
            field = last._fields[name]
            last = last.env[field.comodel_name] if field.relational else None
        value = condition.value
        inner = "any" in condition.operator and isinstance(value, (Domain, list, tuple))
        if last is not None and inner and (path := _missing_in(last, Domain(value))):
            return f"{condition.field_expr}.{path}"
    return None


def check_query(env, domain, model_name, label):
    """Let the database look at the query of a domain without running it.

    :raises ValidationError: if a value doesn't fit the field that it is compared with
    """
    query = env[model_name]._search(domain)
    try:
        with mute_logger("odoo.sql_db"), env.cr.savepoint():
            env.execute_query(SQL("EXPLAIN %s", query.select()))
    except psycopg2.Error as error:
        raise ValidationError(
            env._("The rule of “%s” compares a field with a value that doesn't fit it.", label)
        ) from error


def domain_field_paths(domain):
    """Field paths that the conditions of a domain read, in order, each once."""
    return list(dict.fromkeys(condition.field_expr for condition in domain.iter_conditions()))


def condition_path(condition):
    """The one path that a condition reads, also inside of an ``any``; None if it reads several."""
    value = condition.value
    if "any" not in condition.operator or not isinstance(value, (Domain, list, tuple)):
        return condition.field_expr
    paths = {condition_path(inner) for inner in Domain(value).iter_conditions()}
    [path] = paths if len(paths) == 1 else [None]
    return path and f"{condition.field_expr}.{path}"


def path_fields(model, path):
    """Fields along a path, up to the first name that is none, such as a part of a date."""
    fields = []
    for name in path.split("."):
        field = model._fields.get(name) if model is not None else None
        if field is None:
            break
        fields.append(field)
        model = model.env[field.comodel_name] if field.relational else None
    return fields


def _evaluate(env, text):
    try:
        return ast.literal_eval(text.strip())
    except ValueError:
        return safe_eval(
            text.strip(),
            {
                "context_today": env["crm.segmentation"]._today,
                "datetime": datetime,
                "relativedelta": relativedelta,
                "time": time,
            },
        )


def _refuse_user_names(env, text, label):
    """A rule holds for everybody, so it can't depend on who is logged in."""
    names = {node.id for node in ast.walk(ast.parse(text.strip(), mode="eval"))
             if isinstance(node, ast.Name)}  # fmt: skip
    if {"uid", "user"} & names:
        raise ValidationError(
            env._(
                "The rule of “%(label)s” depends on the user who is logged in (uid). "
                "A segment is the same for everybody: choose a salesperson by name instead.",
                label=label,
            )
        )
    if unknown := names - _NAMES:
        raise ValidationError(
            env._(
                "The rule of “%(label)s” uses the unknown name “%(name)s”.",
                label=label,
                name=sorted(unknown)[0],
            )
        )
