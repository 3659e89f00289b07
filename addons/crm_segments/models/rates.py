"""Exchange rates in SQL, as of a day: the host's own tables convert at today's rate."""

from odoo.tools import SQL


def rate_sql(currency, root, day):
    """The rate of a currency on a day, as ``res.currency._get_rates`` has it.

    The root company's own rates go before the common ones; the latest up to the day,
    else the oldest, else 1.

    :param SQL currency: id of the currency
    :param root: res.company whose rates count, a root company
    :param SQL day: a date
    :return: SQL expression
    """
    return SQL(
        """COALESCE((
            SELECT r.rate FROM res_currency_rate r
            WHERE r.currency_id = %(currency)s
                AND (r.company_id = %(root)s OR r.company_id IS NULL) AND r.name <= %(day)s
            ORDER BY r.company_id, r.name DESC LIMIT 1
        ), (
            SELECT r.rate FROM res_currency_rate r
            WHERE r.currency_id = %(currency)s
                AND (r.company_id = %(root)s OR r.company_id IS NULL)
            ORDER BY r.company_id, r.name LIMIT 1
        ), 1)""",
        currency=currency,
        root=root.id,
        day=day,
    )
