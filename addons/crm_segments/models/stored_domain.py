"""Reading a domain that a user has typed: safely, and with errors in the user's words."""

import ast

import psycopg2
from dateutil.relativedelta import relativedelta
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger
from odoo.tools.safe_eval import datetime, safe_eval, time

from .rule_day import day_of, on_day

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
    except (UserError, ValueError, TypeError, LookupError, SyntaxError, NameError, AttributeError,
            ArithmeticError, AssertionError, RuntimeError, MemoryError) as error:  # fmt: skip
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
