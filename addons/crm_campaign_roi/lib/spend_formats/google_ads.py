"""Google Ads: a title, the period, the header in the third line, several rows 'Total: …'.

By default the report has no column of the day. ' --' stands for nothing. CSV is UTF-16 with tabs
('Excel CSV') or UTF-8 with commas.
"""

from ..spend_format import SpendFormat

FORMAT = SpendFormat(
    code="google_ads",
    name="Google Ads",
    headers={
        "date": ("day", "date", "день", "дата", "tag"),
        "account": ("account", "account name", "customer id", "аккаунт", "название аккаунта",
                    "konto"),
        "campaign": ("campaign", "campaign name", "кампания", "название кампании", "kampagne"),
        "campaign_id": ("campaign id", "идентификатор кампании", "kampagnen id"),
        "cost": ("cost", "расходы", "стоимость", "расход", "kosten"),
        "currency": ("currency code", "currency", "код валюты", "валюта", "währungscode"),
        "impressions": ("impr", "impressions", "показы", "impressionen"),
        "clicks": ("clicks", "interactions", "клики", "взаимодействия", "klicks"),
        "conversions": ("conversions", "конверсии", "conversions all", "all conv"),
    },
    signs=(r"campaign (performance )?report$", r"отч[её]т (о|об эффективности|по) кампани",
           r"kampagnenbericht"),
    telling=("campaign status", "campaign state", "impr", "currency code", "статус кампании",
             "код валюты", "avg cpc", "conv rate", "impr abs top"),
    total=r"(total|итого|всего|gesamt)\s*[:：]|total$",
    order="mdy",
)  # fmt: skip
