"""Markets of the customers' industries, with competitors: invented figures that say so."""

from datetime import timedelta

from .quiet import CONTEXT, generator

SOURCE = "Invented for the demonstration"
#: (own share, growth of the market, largest competitor by own sales); None: not known
MARKETS = (
    (0.12, 0.18, 0.6), (0.05, 0.22, 2.5), (0.2, 0.03, 0.7), (0.03, -0.04, 4.0), (None, None, None),
)  # fmt: skip


def describe_markets(env, today):
    """The five industries that buy most, this year and the one before."""
    if "crm.market" not in env:
        return
    env = env(context={**env.context, **CONTEXT})
    choice = generator("market")
    reasons = env["crm.lost.reason"].create(
        [{"name": f"Lost to {name}"} for name in ("Nordic Gifts", "Bright & Co")]
    )
    lost = env["crm.lead"].with_context(active_test=False).search([("won_status", "=", "lost")])
    for lead in lost:
        if choice.random() < 0.4:
            lead.lost_reason_id = choice.choice(reasons)
    rows = env["res.partner"]._read_group(
        [("is_crm_customer", "=", True), ("industry_id", "!=", False)],
        ["industry_id"], ["revenue_12m:sum"], order="revenue_12m:sum desc", limit=len(MARKETS),
    )  # fmt: skip
    for (industry, sales), (share, growth, rival) in zip(rows, MARKETS, strict=False):
        _describe(env, today, industry, sales or 1000, share, growth, rival, reasons)


def _describe(env, today, industry, sales, share, growth, rival, reasons):
    size = sales / share if share else 0
    years = ((today.year - 1, size / (1 + (growth or 0)), 800), (today.year, size, 60))
    for year, amount, age in years:
        known = {
            "size": round(amount, -2), "companies": 400, "source": SOURCE,
            "source_date": today - timedelta(age), "confidence": "low",
        } if amount else {}  # fmt: skip
        market = env["crm.market"].create({"industry_id": industry.id, "year": year, **known})
        if rival and year == today.year:
            env["crm.market.competitor"].create(
                [
                    {"market_id": market.id, "name": "Nordic Gifts", "revenue": sales * rival,
                     "source": SOURCE, "source_date": today - timedelta(60),
                     "lost_reason_ids": [(4, reasons[0].id)]},
                    {"market_id": market.id, "name": "Bright & Co", "share": (share or 0) / 3,
                     "source": SOURCE, "source_date": today - timedelta(700),
                     "lost_reason_ids": [(4, reasons[1].id)]},
                ]
            )  # fmt: skip
