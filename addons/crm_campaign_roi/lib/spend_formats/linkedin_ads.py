"""LinkedIn: UTF-16 with tabs, a preamble with start and end of the report, days as M/D/YYYY."""

from ..spend_format import SpendFormat

FORMAT = SpendFormat(
    code="linkedin_ads",
    name="LinkedIn Ads",
    headers={
        "date": ("start date", "day", "date", "дата начала", "дата"),
        "account": ("account name", "account id", "имя аккаунта", "название аккаунта"),
        "campaign": ("campaign name", "campaign", "название кампании"),
        "campaign_id": ("campaign id", "идентификатор кампании"),
        "cost": ("total spent", "spend", "всего потрачено", "потрачено всего"),
        "currency": ("currency", "валюта"),
        "impressions": ("impressions", "показы"),
        "clicks": ("clicks", "клики", "нажатия"),
        "conversions": ("conversions", "total conversions", "конверсии"),
    },
    signs=(r"campaign performance report \(in utc\)", r"date generated:", r"report start:",
           r"дата создания отч[её]та"),
    telling=("total spent", "campaign group name", "campaign group id", "всего потрачено",
             "total engagements", "total social actions"),
    blank_total=True,
    order="mdy",
)  # fmt: skip
