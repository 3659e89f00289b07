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
