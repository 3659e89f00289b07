"""Customers and invoices by SQL, in the host's own tables.

One customer, one paid invoice and one payment are made through the host; their rows are copied.
Three years; some customers buy often, many once, a tenth never; each buys within a span of
their own. 80 % of the invoices are paid and reconciled, 3 % are credit notes. ``setseed`` makes
every database of one size the same.
"""

from .segments_tables import clone, last_id, without_indexes

YEARS_OF_SALES = 3
PRODUCTS = 500
PAID, REFUNDED = 0.8, 0.03
CATEGORIES = ("Retail", "Wholesale", "Public", "Partner", "Press")
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "segments_defer": True}
LINES = "account_move_line"
_PRODUCT = "Bench Product"


def generate(env, customers, invoices):
    """Fill the database of ``env`` and commit."""
    env = env(context={**env.context, **QUIET})
    if not env.company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", env.company)
    partner, invoice, payment = _templates(env)
    cr = env.cr
    cr.execute("SELECT setseed(0.42)")
    _customers(cr, partner, customers)
    _plan(cr, customers, invoices)
    tables = ("account_move", LINES, "account_partial_reconcile", "account_full_reconcile")
    with without_indexes(cr, *tables):
        _invoices(cr, invoice)
        _payments(cr, payment)
        _reconciliations(cr, invoice)
    cr.execute("DROP TABLE bench_customer, bench_invoice")
    cr.commit()


def _templates(env):
    """A customer, a paid invoice and what paid it, as the host writes them."""
    company = env.company
    partner = env["res.partner"].create(
        {"name": "Template", "is_company": True, "customer_rank": 1, "user_id": env.uid}
    )
    line = {"name": "Goods", "quantity": 1, "price_unit": 100, "tax_ids": [(5,)]}
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": "2020-01-01",
            "invoice_line_ids": [(0, 0, line)],
        }
    )
    invoice.action_post()
    due = invoice.line_ids.filtered(lambda one: one.display_type == "payment_term")
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    payment = env["account.move"].create(
        {
            "journal_id": bank.id,
            "date": "2020-02-01",
            "line_ids": [
                (0, 0, {"account_id": due.account_id.id, "partner_id": partner.id, "credit": 100}),
                (0, 0, {"account_id": bank.default_account_id.id, "debit": 100}),
            ],
        }
    )
    payment.action_post()
    (due | payment.line_ids.filtered("credit")).reconcile()
    env["res.partner.category"].create([{"name": name} for name in CATEGORIES])
    env["product.product"].create([{"name": f"{_PRODUCT} {n}"} for n in range(PRODUCTS)])
    env.flush_all()
    return partner, invoice, payment


def _customers(cr, template, customers):
    """Customers, with a weight: how much they buy; and the span in which they do."""
    first = last_id(cr, "res_partner")
    with without_indexes(cr, "res_partner"):
        clone(
            cr, "res_partner", template, f"generate_series(1, {customers})",
            id=f"{first} + g",
            commercial_partner_id=f"{first} + g",
            name="'Customer ' || g",
            complete_name="'Customer ' || g",
            ref="'C' || g",
            city="'City ' || (random() * 300)::int",
            email="'customer' || g || '@example.com'",
            email_normalized="'customer' || g || '@example.com'",
            country_id="(SELECT (array_agg(id ORDER BY id))[1:50] FROM res_country)"
            "[1 + (50 * random() ^ 2)::int % 50]",
            industry_id="(SELECT array_agg(id ORDER BY id) FROM res_partner_industry)"
            "[1 + (20 * random())::int]",
        )  # fmt: skip
    cr.execute(
        """
        INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
        SELECT p.id, c.id FROM res_partner p, res_partner_category c
        WHERE p.id > %(first)s AND c.name->>'en_US' = ANY(%(names)s) AND random() < 0.05;
        CREATE TEMP TABLE bench_customer AS
        SELECT id, LEAST((1 - random()) ^ (-1 / 1.3) - 1, 300) * (random() > 0.1)::int AS weight,
               random() AS start, random() AS length, random() AS patience
        FROM generate_series(%(first)s + 1, %(first)s + %(customers)s) id
        """,
        {"first": first, "names": list(CATEGORIES), "customers": customers},
    )


def _plan(cr, customers, invoices):
    """A row per invoice, in the order of their dates, with the ids that it will get."""
    cr.execute(
        """
        CREATE TEMP TABLE bench_invoice AS
        WITH shares AS (
            SELECT *, (weight > 0)::int + floor(
                (%(invoices)s - (SELECT COUNT(*) FROM bench_customer WHERE weight > 0))
                * weight / (SELECT SUM(weight) FROM bench_customer))::int AS number
            FROM bench_customer
        ),
        missing AS (  -- what rounding down has left over
            SELECT id, (%(invoices)s - SUM(number) OVER ())::int AS rest,
                   row_number() OVER (ORDER BY weight DESC, id) AS place FROM shares
        ),
        numbers AS (
            SELECT s.*, number + rest / %(buyers)s + (place <= rest %% %(buyers)s)::int AS total
            FROM shares s JOIN missing m USING (id) WHERE weight > 0
        ),
        drawn AS (
            SELECT id AS partner, patience, floor(%(days)s * (start + (1 - start) * length
                   * random()))::int AS since, random() AS luck
            FROM numbers, generate_series(1, total)
        )
        SELECT row_number() OVER (ORDER BY since, luck) AS n, partner,
               CURRENT_DATE - %(days)s + since AS day,
               round(exp(4.5 + random_normal())::numeric, 2) * (1 - 2 * (luck < %(refunded)s)::int)
                   AS amount,
               luck < %(refunded)s AS refund,
               luck > 1 - %(paid)s AND since + 1 < %(days)s AS paid,
               CURRENT_DATE - %(days)s + LEAST(%(days)s - 1,
                   since + 1 + (patience * 40 + random() * 20)::int) AS paid_on,
               0::bigint AS k
        FROM drawn;
        UPDATE bench_invoice b SET k = p.k FROM (
            SELECT n, row_number() OVER (ORDER BY paid_on, n) AS k FROM bench_invoice WHERE paid) p
        WHERE p.n = b.n;
        ANALYZE bench_invoice
        """,
        {
            "invoices": invoices,
            "buyers": _count(cr, "bench_customer WHERE weight > 0"),
            "days": 365 * YEARS_OF_SALES,
            "refunded": REFUNDED,
            "paid": PAID,
        },
    )


def _count(cr, what):
    cr.execute(f"SELECT COUNT(*) FROM {what}")
    return cr.fetchone()[0]


def _invoices(cr, template):
    """Headers, the receivable line and the line of goods of each."""
    due, goods = (
        template.line_ids.filtered(lambda one, kind=kind: one.display_type == kind)
        for kind in ("payment_term", "product")
    )
    cr.execute(
        "ALTER TABLE bench_invoice ADD move int, ADD line int, ADD pay int, ADD pay_line int"
    )
    cr.execute(
        """
        UPDATE bench_invoice SET move = %(move)s + n, line = %(line)s + 2 * n,
            pay = %(move)s + %(total)s + k, pay_line = %(line)s + 2 * %(total)s + 2 * k
        """,
        {
            "move": last_id(cr, "account_move"),
            "line": last_id(cr, LINES),
            "total": _count(cr, "bench_invoice"),
        },
    )
    open_amount = "CASE WHEN g.paid THEN 0 ELSE g.amount END"
    clone(
        cr, "account_move", template, "(SELECT * FROM bench_invoice ORDER BY n)",
        id="g.move",
        name="'B/' || g.n",
        payment_reference="'B/' || g.n",
        sequence_prefix="'B/'",
        sequence_number="g.n",
        move_type="CASE WHEN g.refund THEN 'out_refund' ELSE 'out_invoice' END",
        partner_id="g.partner",
        commercial_partner_id="g.partner",
        partner_shipping_id="g.partner",
        date="g.day",
        invoice_date="g.day",
        invoice_date_due="g.day + 30",
        payment_state="CASE WHEN g.paid THEN 'paid' ELSE 'not_paid' END",
        amount_residual=f"abs({open_amount})",
        amount_residual_signed=open_amount,
        **dict.fromkeys(("amount_untaxed", "amount_total"), "abs(g.amount)"),
        **dict.fromkeys(
            ("amount_untaxed_signed", "amount_untaxed_in_currency_signed", "amount_total_signed",
             "amount_total_in_currency_signed"), "g.amount"),
    )  # fmt: skip
    shared = {
        "move_id": "g.move", "move_name": "'B/' || g.n", "partner_id": "g.partner",
        "date": "g.day", "invoice_date": "g.day",
    }  # fmt: skip
    clone(
        cr, LINES, due, "(SELECT * FROM bench_invoice ORDER BY n)", id="g.line - 1",
        date_maturity="g.day + 30", reconciled="g.paid", full_reconcile_id="NULL",
        matching_number="CASE WHEN g.paid THEN g.k::text END", name="'B/' || g.n",
        amount_residual=open_amount, amount_residual_currency=open_amount,
        **shared, **_money("g.amount"),
    )  # fmt: skip
    clone(
        cr, LINES, goods,
        "(SELECT *, 1 + (random() ^ 2 * 9)::int AS pieces FROM bench_invoice ORDER BY n)",
        id="g.line", product_id=_any_product(cr), quantity="g.pieces",
        price_unit="abs(g.amount) / g.pieces", **shared, **_money("-g.amount"),
        **dict.fromkeys(("price_subtotal", "price_total"), "abs(g.amount)"),
    )  # fmt: skip


def _any_product(cr):
    """SQL of a product's id, the first ones more often than the last."""
    cr.execute(
        """
        SELECT array_agg(p.id ORDER BY p.id) FROM product_product p
        JOIN product_template t ON t.id = p.product_tmpl_id WHERE t.name->>'en_US' LIKE %s
        """,
        [f"{_PRODUCT} %"],
    )
    return f"(ARRAY{cr.fetchone()[0]})[1 + ({PRODUCTS - 1} * random() ^ 2)::int]"


def _money(amount):
    return {
        **dict.fromkeys(("balance", "amount_currency"), amount),
        "debit": f"GREATEST({amount}, 0)",
        "credit": f"GREATEST(-({amount}), 0)",
    }


def _payments(cr, template):
    """An entry in the bank's journal for each paid invoice."""
    source = "(SELECT * FROM bench_invoice WHERE paid ORDER BY k)"
    total = {"amount_total": "g.amount", "amount_total_signed": "g.amount"}
    clone(
        cr, "account_move", template, source, id="g.pay", name="'BNK/' || g.k",
        sequence_prefix="'BNK/'", sequence_number="g.k", date="g.paid_on", partner_id="g.partner",
        commercial_partner_id="g.partner", amount_total_in_currency_signed="g.amount", **total,
    )  # fmt: skip
    shared = {
        "move_id": "g.pay", "move_name": "'BNK/' || g.k", "partner_id": "g.partner",
        "date": "g.paid_on", "date_maturity": "g.paid_on",
    }  # fmt: skip
    credit = template.line_ids.filtered("credit")
    clone(cr, LINES, credit, source, id="g.pay_line - 1", full_reconcile_id="NULL",
          matching_number="g.k::text", **shared, **_money("-g.amount"))  # fmt: skip
    debit = template.line_ids - credit
    clone(cr, LINES, debit, source, id="g.pay_line", amount_residual="g.amount",
          amount_residual_currency="g.amount", **shared, **_money("g.amount"))  # fmt: skip


def _reconciliations(cr, template):
    """What the host keeps of a payment: a partial and a full reconciliation each."""
    partial = template.line_ids.matched_credit_ids
    first = last_id(cr, "account_full_reconcile")
    source = "(SELECT * FROM bench_invoice WHERE paid ORDER BY k)"
    clone(cr, "account_full_reconcile", partial.full_reconcile_id, source, id=f"{first} + g.k")
    clone(
        cr, "account_partial_reconcile", partial, source,
        id=f"{last_id(cr, 'account_partial_reconcile')} + g.k", debit_move_id="g.line - 1",
        credit_move_id="g.pay_line - 1", full_reconcile_id=f"{first} + g.k", max_date="g.paid_on",
        **dict.fromkeys(("amount", "debit_amount_currency", "credit_amount_currency"), "g.amount"),
    )  # fmt: skip
