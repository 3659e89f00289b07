"""Any other table: columns by common names, or as somebody mapped them."""

from ..spend_format import SpendFormat

FORMAT = SpendFormat(
    code="other",
    name="Other",
    headers={
        "date": ("date", "day", "reporting date", "start date", "дата", "день", "datum", "tag"),
        "date_end": ("end date", "date to", "дата окончания", "по"),
        "account": ("account", "account name", "account id", "аккаунт", "кабинет", "логин"),
        "campaign": ("campaign", "campaign name", "кампания", "название кампании", "kampagne",
                     "название", "name"),
        "campaign_id": ("campaign id", "id кампании", "номер кампании", "id"),
        "cost": ("cost", "spend", "amount spent", "amount", "total cost", "expenses", "расход",
                 "расходы", "затраты", "стоимость", "сумма", "потрачено", "kosten"),
        "currency": ("currency", "currency code", "валюта", "währung"),
        "impressions": ("impressions", "impr", "views", "показы", "impressionen"),
        "clicks": ("clicks", "клики", "переходы", "klicks"),
        "conversions": ("conversions", "results", "конверсии", "лиды", "заявки"),
    },
)  # fmt: skip
