"""What cannot be avoided: bare statements over the host's tables, and bare inserts."""

HEADERS = """
    SELECT p.commercial_partner_id, COUNT(*), SUM(m.amount_untaxed_signed),
           MIN(m.invoice_date), MAX(m.invoice_date),
           SUM(m.amount_untaxed_signed) FILTER (WHERE m.invoice_date > CURRENT_DATE - 365)
    FROM account_move m JOIN res_partner p ON p.id = m.partner_id
    WHERE m.company_id = {company} AND m.state = 'posted'
      AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
    GROUP BY p.commercial_partner_id
"""
INTERVALS = """
    SELECT customer, COUNT(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY gap),
           percentile_cont(0.75) WITHIN GROUP (ORDER BY gap)
    FROM (
        SELECT customer, day - lag(day) OVER (PARTITION BY customer ORDER BY day) AS gap
        FROM (
            SELECT DISTINCT p.commercial_partner_id AS customer, m.invoice_date AS day
            FROM account_move m JOIN res_partner p ON p.id = m.partner_id
            WHERE m.company_id = {company} AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_receipt') AND m.amount_untaxed_signed > 0
        ) days
    ) gaps WHERE gap IS NOT NULL GROUP BY customer
"""
PAYMENTS = """
    SELECT p.commercial_partner_id, SUM(r.amount * (paid.date - m.invoice_date)) / SUM(r.amount)
    FROM account_partial_reconcile r
    JOIN account_move_line due ON due.id = r.debit_move_id
    JOIN account_account a ON a.id = due.account_id AND a.account_type = 'asset_receivable'
    JOIN account_move m ON m.id = due.move_id
    JOIN account_move_line paid ON paid.id = r.credit_move_id
    JOIN res_partner p ON p.id = m.partner_id
    WHERE m.company_id = {company} AND m.state = 'posted'
      AND m.move_type IN ('out_invoice', 'out_receipt')
    GROUP BY p.commercial_partner_id
"""
OVERDUE = """
    SELECT p.commercial_partner_id, SUM(l.amount_residual)
    FROM account_move_line l
    JOIN account_move m ON m.id = l.move_id
    JOIN res_partner p ON p.id = m.partner_id
    WHERE m.company_id = {company} AND m.state = 'posted'
      AND m.move_type IN ('out_invoice', 'out_receipt')
      AND l.display_type = 'payment_term' AND NOT l.reconciled AND l.date_maturity < CURRENT_DATE
    GROUP BY p.commercial_partner_id
"""
WINDOWS = """
    SELECT partner_id, rank() OVER (ORDER BY last_purchase_date),
           rank() OVER (ORDER BY purchase_count), rank() OVER (ORDER BY revenue_total)
    FROM crm_customer_metrics WHERE company_id = {company} AND purchase_count > 0
"""


def select_all(env, text):
    """Run a SELECT to its end; its rows are made, and stay with the server."""
    env.cr.execute("EXPLAIN (ANALYZE, TIMING OFF) " + text.format(company=env.company.id))


def figures(env):
    """The four statements that the figures of customers can't do without."""
    for text in (HEADERS, INTERVALS, PAYMENTS, OVERDUE):
        select_all(env, text)


def twin(env, table):
    """An empty table with the columns, keys and indexes of ``table``."""
    env.cr.execute(f"DROP TABLE IF EXISTS bench_{table}")
    env.cr.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
    env.cr.execute(
        """
        SELECT pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'f' AND conrelid = %s::regclass
        """,
        [table],
    )
    for (key,) in env.cr.fetchall():
        env.cr.execute(f"ALTER TABLE bench_{table} ADD {key}")


def insert(env, table, where="TRUE"):
    """Insert the rows of ``table`` into its twin."""
    env.cr.execute(f"INSERT INTO bench_{table} SELECT * FROM {table} WHERE {where}")


def compiled(env, condition):
    """SELECT of the ids of customers that satisfy a domain, as one text."""
    query = env["res.partner"]._search(condition)
    sql = query.select()
    return env.cr.mogrify(sql.code, sql.params).decode()


def difference(env, segmentation, parts):
    """Write the difference between the first rule that fits and what is stored.

    :param parts: (segment id, compiled SELECT of its customers) in order
    """
    target = " UNION ALL ".join(
        f"SELECT id, {segment} AS segment, {place} AS place FROM ({text}) p{place}(id)"
        for place, (segment, text) in enumerate(parts)
    )
    env.cr.execute("SET LOCAL enable_nestloop = off")
    env.cr.execute(
        f"""
        WITH target AS MATERIALIZED (
            SELECT DISTINCT ON (id) id, segment FROM ({target}) t ORDER BY id, place
        ),
        current AS MATERIALIZED (
            SELECT id, partner_id, segment_id FROM crm_segment_membership
            WHERE segmentation_id = {segmentation.id} AND company_id = {env.company.id}
              AND date_to IS NULL
        ),
        closed AS (
            UPDATE crm_segment_membership m SET date_to = CURRENT_DATE
            FROM current c LEFT JOIN target t ON t.id = c.partner_id AND t.segment = c.segment_id
            WHERE m.id = c.id AND t.id IS NULL RETURNING m.id
        )
        INSERT INTO crm_segment_membership
            (partner_id, segment_id, segmentation_id, company_id, date_from, origin)
        SELECT t.id, t.segment, {segmentation.id}, {env.company.id}, CURRENT_DATE, 'rule'
        FROM target t LEFT JOIN current c ON t.id = c.partner_id AND t.segment = c.segment_id
        WHERE c.id IS NULL AND (SELECT COUNT(*) FROM closed) >= 0
        """
    )
    env.cr.execute("SET LOCAL enable_nestloop = on")
    return env.cr.rowcount
