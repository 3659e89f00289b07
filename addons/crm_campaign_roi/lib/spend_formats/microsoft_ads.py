"""Microsoft Advertising: nine lines about the report, a mark of UTF-8, '©' in the last line.

'Rows: 42' says how many there are. Days are M/D/YYYY.
"""

from ..spend_format import SpendFormat

FORMAT = SpendFormat(
    code="microsoft_ads",
    name="Microsoft Advertising",
    headers={
        "date": ("gregorian date", "time period", "day", "date", "день", "дата",
                 "период времени"),
        "account": ("account name", "account number", "имя аккаунта", "название учетной записи"),
        "campaign": ("campaign name", "campaign", "название кампании", "имя кампании"),
        "campaign_id": ("campaign id", "ид кампании", "идентификатор кампании"),
        "cost": ("spend", "cost", "затраты", "расходы"),
        "currency": ("currency code", "currency", "код валюты", "валюта"),
        "impressions": ("impressions", "показы"),
        "clicks": ("clicks", "клики", "щелчки"),
        "conversions": ("conversions", "конверсии"),
    },
    signs=(r"report aggregation:", r"potential incomplete data:",
           r"last completed available (day|hour):", r"©\s?\d{4} microsoft",
           r"агрегирование отч[её]та:"),
    telling=("gregorian date",),
    order="mdy",
    footer=r"©",
)  # fmt: skip
