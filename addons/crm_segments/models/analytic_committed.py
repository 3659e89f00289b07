"""What is committed on analytic accounts and not yet cost: draft bills, purchase orders.

An add-on says whose accounts they are by a relation ``owners``, an SQL of ``(owner_id,
account_id)``; amounts are in the currency of the document's company, costs positive.
"""

from odoo.tools import SQL

#: columns of the statements, before ``amount``
KEYS = ["company_id", "owner_id", "day", "kind", "move_id", "purchase_id", "partner_id"]


#: accounts of the books whose lines are cost
EXPENSES = SQL("a.account_type LIKE 'expense%%'")


def committed_sql(env, owners, companies, accounts=EXPENSES):
    """SELECT of ``KEYS`` and ``amount``; flush first (:func:`flush_committed`).

    :param SQL owners: SELECT of ``owner_id``, ``account_id``
    :param companies: res.company records whose documents count
    :param SQL accounts: condition on the account ``a`` of a line of a bill
    :return: SQL; ``kind`` is bill or purchase, ``partner_id`` the commercial vendor
    """
    parts = [draft_bills_sql(owners, companies, accounts)]
    if "purchase.order.line" in env:
        parts.append(purchases_sql(owners, companies))
    return SQL(" UNION ALL ").join(parts)


def flush_committed(env):
    """Write what the statements read; rows of ``owners`` are the caller's."""
    names = ["account.move", "account.move.line", "account.account", "res.partner"]
    names += [name for name in ("purchase.order", "purchase.order.line") if name in env]
    for name in names:
        env[name].flush_model()


def distribution_sql(alias, owners):
    """The share of a line that its distribution gives to an owner, as ``s``.

    A key names one account per plan, so an account may stand in several keys.
    """
    return SQL(
        """
        JOIN LATERAL (
            SELECT c.owner_id, SUM(d.percent::numeric) / 100 AS share
            FROM jsonb_each_text(CASE jsonb_typeof(%(line)s.analytic_distribution)
                WHEN 'object' THEN %(line)s.analytic_distribution END) d (accounts, percent)
            JOIN (%(owners)s) c ON c.account_id::text = ANY(string_to_array(d.accounts, ','))
            GROUP BY c.owner_id
        ) s ON TRUE
        """,
        line=SQL.identifier(alias),
        owners=owners,
    )


def draft_bills_sql(owners, companies, accounts):
    """Lines of draft bills and refunds of vendors."""
    return SQL(
        """
        SELECT m.company_id, s.owner_id, COALESCE(m.invoice_date, m.date) AS day,
               'bill' AS kind, m.id AS move_id, NULL::int AS purchase_id,
               p.commercial_partner_id AS partner_id, l.balance * s.share AS amount
        FROM account_move m
        JOIN account_move_line l ON l.move_id = m.id AND l.analytic_distribution IS NOT NULL
        JOIN account_account a ON a.id = l.account_id AND %(accounts)s
        LEFT JOIN res_partner p ON p.id = m.partner_id
        %(distribution)s
        WHERE m.company_id = ANY(%(companies)s) AND m.state = 'draft'
          AND m.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
        """,
        accounts=accounts,
        distribution=distribution_sql("l", owners),
        companies=companies.ids,
    )


def purchases_sql(owners, companies):
    """What is ordered and not yet on a bill, at the rate of the order."""
    return SQL(
        """
        SELECT o.company_id, s.owner_id, o.date_order::date AS day, 'purchase' AS kind,
               NULL::int AS move_id, o.id AS purchase_id, p.commercial_partner_id AS partner_id,
               l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) * s.share
                   * (l.product_qty - l.qty_invoiced) / l.product_qty AS amount
        FROM purchase_order o
        JOIN purchase_order_line l ON l.order_id = o.id AND l.analytic_distribution IS NOT NULL
        LEFT JOIN res_partner p ON p.id = o.partner_id
        %(distribution)s
        WHERE o.company_id = ANY(%(companies)s) AND o.state = 'purchase'
          AND l.product_qty > l.qty_invoiced
        """,
        distribution=distribution_sql("l", owners),
        companies=companies.ids,
    )
