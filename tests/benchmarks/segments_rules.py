"""Rules as a marketing department writes them, on fields of the customer and on figures."""

from odoo.fields import Domain

#: what differs from rule to rule is the number
RULES = (
    "[('revenue_total', '>', {money})]",
    "[('revenue_12m', '>', {money}), ('purchase_count', '>=', 3)]",
    "[('last_purchase_date', '<', '-{days}d'), ('revenue_total', '>', {money})]",
    "[('country_id', '=', {country})]",
    "[('industry_id', '=', {industry}), ('last_purchase_date', '>', '-{days}d')]",
    "['|', ('amount_overdue', '>', {money}), ('days_to_pay', '>', {days})]",
    "[('city', '=', 'City {n}')]",
    "[('category_id.name', '=', 'Retail'), ('purchase_count_12m', '>', 1)]",
    "[('first_purchase_date', '>', '-{days}d'), ('purchase_count', '=', 1)]",
    "[('refund_rate', '>', 0.1), ('user_id', '!=', False)]",
)


def rule_segmentations(env, rules, divisions):
    """So many divisions, with so many rules in all; switched on, not run."""
    countries = env["res.country"].search([], limit=50, order="id").ids
    industries = env["res.partner.industry"].search([], order="id").ids
    texts = [
        RULES[n % len(RULES)].format(
            n=n, money=50 + 40 * n, days=20 + 15 * n,
            country=countries[n % len(countries)], industry=industries[n % len(industries)],
        )
        for n in range(rules)
    ]  # fmt: skip
    return env["crm.segmentation"].create(
        [
            {
                "name": f"Division {d}",
                "exclusive": d % 2 == 0,
                "segment_ids": [
                    (0, 0, {"name": f"Rule {n}", "domain": text, "sequence": n})
                    for n, text in enumerate(texts)
                    if n % divisions == d
                ],
            }
            for d in range(divisions)
        ]
    )


def population(segmentation, company):
    """Who is divided."""
    Partner = segmentation.env["res.partner"]
    return segmentation._population_domain() & Partner._company_customers_domain(company)


def rule_domain(segment):
    """The rule of a segment as a domain on customers."""
    return Domain(segment._rule_domain())
