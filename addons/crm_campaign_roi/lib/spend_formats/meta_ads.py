"""Meta Ads: header in the first line, 'Reporting starts', 'Reporting ends', currency in brackets.

The total is a row without a name. Headers are in the language of the user.
"""

from ..spend_format import SpendFormat

FORMAT = SpendFormat(
    code="meta_ads",
    name="Meta Ads",
    headers={
        "date": ("day", "reporting starts", "день", "дата начала отчетности", "начало отчетности",
                 "дата начала отчета", "tag", "berichtsstart", "auswertungsbeginn"),
        "date_end": ("reporting ends", "дата окончания отчетности", "окончание отчетности",
                     "дата окончания отчета", "berichtsende", "auswertungsende"),
        "account": ("account name", "account id", "название аккаунта", "имя аккаунта",
                    "идентификатор аккаунта", "name des werbekontos"),
        "campaign": ("campaign name", "campaign", "название кампании", "kampagnenname"),
        "campaign_id": ("campaign id", "id кампании", "идентификатор кампании", "kampagnen id"),
        "cost": ("amount spent", "spend", "потраченная сумма", "сумма затрат", "израсходовано",
                 "ausgegebener betrag"),
        "currency": ("currency", "валюта", "währung"),
        "impressions": ("impressions", "показы", "impressionen"),
        "clicks": ("link clicks", "clicks all", "clicks", "клики по ссылке", "клики все", "клики",
                   "link klicks", "klicks alle"),
        "conversions": ("results", "purchases", "результаты", "покупки", "ergebnisse"),
    },
    telling=("reporting starts", "reporting ends", "amount spent", "дата начала отчетности",
             "дата окончания отчетности", "начало отчетности", "окончание отчетности",
             "потраченная сумма", "berichtsstart", "berichtsende", "ausgegebener betrag",
             "campaign delivery", "attribution setting"),
    blank_total=True,
)  # fmt: skip
