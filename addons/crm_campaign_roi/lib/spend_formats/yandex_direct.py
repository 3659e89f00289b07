"""Yandex Direct: four lines of preamble, ';', dd.mm.yyyy, decimal comma, 'Итого', VAT or not."""

from ..spend_format import SpendFormat

FORMAT = SpendFormat(
    code="yandex_direct",
    name="Yandex Direct",
    headers={
        "date": ("дата", "день", "date"),
        "account": ("логин", "логин клиента", "аккаунт", "client login", "login"),
        "campaign": ("кампания", "название кампании", "campaign", "campaign name", "campaignname"),
        "campaign_id": ("№ кампании", "номер кампании", "id кампании", "campaign no", "campaign id",
                        "campaignid", "№"),
        "cost": ("расход", "расход всего", "всего расход", "списано", "cost", "total cost"),
        "currency": ("валюта", "currency"),
        "impressions": ("показы", "impressions"),
        "clicks": ("клики", "clicks"),
        "conversions": ("конверсии", "достижения целей", "conversions"),
    },
    signs=(r"яндекс[.\s]*директ", r"yandex[.\s]*direct", r"клиент:\s*\S+", r"отч[её]т по дням",
           r"валюта:"),
    telling=("№ кампании", "логин клиента", "достижения целей", "campaign no"),
    total=r"итого|всего|total",
)  # fmt: skip
