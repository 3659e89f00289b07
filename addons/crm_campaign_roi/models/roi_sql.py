"""Pieces of SQL that cost and results share: one currency, at the rate of the day."""

from odoo.addons.crm_segments.models.rates import rate_sql
from odoo.tools import SQL


def columns(names, alias=None):
    """``a.x, a.y`` of names."""
    place = [SQL.identifier(alias, name) if alias else SQL.identifier(name) for name in names]
    return SQL(", ").join(place)


def in_one_currency(env, select, companies, plain, money, day="day"):
    """A SELECT whose money is in the currency of the current company.

    :param SQL select: with ``company_id`` and the columns below, money in its company's currency
    :param companies: res.company records that it is of
    :param list plain: names of columns that stay
    :param list money: names of columns to convert, at the rate of the day
    :param str day: column with the day
    :return: SQL of the same columns, in the order of plain, money
    """
    if companies.currency_id <= env.company.currency_id:
        return SQL("SELECT %s FROM (%s) d", columns([*plain, *money]), select)
    main = env.company
    factor = SQL(
        "CASE WHEN o.currency_id = %(main)s THEN 1 ELSE %(to)s / %(own)s END",
        main=main.currency_id.id,
        to=rate_sql(SQL("%s", main.currency_id.id), main.root_id, SQL("k.day")),
        own=rate_sql(SQL("o.currency_id"), main.root_id, SQL("k.day")),
    )
    return SQL(
        """
        SELECT %(plain)s, %(money)s
        FROM (%(select)s) d
        JOIN (
            SELECT k.company_id, k.day, (%(factor)s)::numeric AS factor
            FROM (SELECT DISTINCT company_id, %(day)s AS day FROM (%(select)s) k) k
            JOIN res_company o ON o.id = k.company_id
        ) f ON f.company_id = d.company_id AND f.day = d.%(day)s
        """,
        plain=columns(plain, "d"),
        money=SQL(", ").join(
            SQL("d.%(n)s * f.factor AS %(n)s", n=SQL.identifier(name)) for name in money
        ),
        select=select,
        factor=factor,
        day=SQL.identifier(day),
    )


def local_day(column, company):
    """The day of a datetime column where the company is."""
    return SQL(
        "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", column, company.partner_id.tz or "UTC"
    )
