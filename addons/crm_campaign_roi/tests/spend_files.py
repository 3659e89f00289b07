# ruff: noqa: E501 (lines of files are as long as the platforms make them)
"""Files as the platforms export them, one per platform and language; and broken ones."""

import io

GOOGLE = """Campaign performance report
"October 1, 2025 - October 2, 2025"
Campaign status,Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions
Enabled,Brand,111,2025-10-01,EUR,"1,024.50","1,024,071",350,2.50
Enabled,Brand,111,2025-10-02,EUR,100.25,5000,40, --
Paused,Total Control,222,2025-10-01,EUR, --,0,0,0.00
Total: Campaigns, --, --, --,EUR,"1,124.75","1,029,071",390,2.50
Total: Search, --, --, --,EUR,"1,124.75","1,029,071",390,2.50
Total: Account, --, --, --,EUR,"1,500.00","1,029,071",390,2.50
"""

GOOGLE_RU = """Отчет о кампаниях
1 октября 2025 г. - 31 октября 2025 г.
Статус кампании\tКампания\tКод валюты\tРасходы\tПоказы\tКлики\tКонверсии
Включено\tБренд\tRUB\t12 340,50\t1 000\t20\t1,00
Включено\tПоиск\tRUB\t659,50\t500\t10\t0,00
Итого: кампании\t --\tRUB\t13 000,00\t1 500\t30\t1,00
"""

META = """Reporting starts,Reporting ends,Campaign name,Campaign delivery,Results,Amount spent (USD),Impressions,Link clicks
2025-10-01,2025-10-01,Autumn sale,active,3,50.10,10000,120
2025-10-02,2025-10-02,Autumn sale,active,,49.90,9000,90
2025-10-01,2025-10-02,,,3,100.00,19000,210
"""

META_DE = """Berichtsstart;Berichtsende;Kampagnenname;Auslieferung der Kampagne;Ergebnisse;Ausgegebener Betrag (EUR);Impressionen;Link-Klicks
2025-10-01;2025-10-31;Herbst;active;3;1.050,10;10.000;120
"""

META_RU = """Дата начала отчетности,Дата окончания отчетности,Название кампании,Результаты,"Потраченная сумма (RUB)",Показы,Клики по ссылке
2025-10-01,2025-10-01,Осень,3,5000.5,10000,120
"""

LINKEDIN = """Campaign Performance Report (in UTC)
Report Start: October 1, 2025, 12:00 AM
Report End: October 31, 2025, 11:59 PM
Date Generated: November 2, 2025, 9:00 AM

Start Date (in UTC)\tAccount Name\tCurrency\tCampaign Group Name\tCampaign Name\tCampaign ID\tTotal Spent\tImpressions\tClicks\tConversions
10/1/2025\tOur Company\tUSD\tGroup\tEngineers\t987\t200.40\t3000\t12\t1
10/13/2025\tOur Company\tUSD\tGroup\tEngineers\t987\t99.60\t2000\t8\t0
\t\t\t\t\t\t300.00\t5000\t20\t1
"""

MICROSOFT = """"Report Name: Campaigns"
"Report Time: 10/1/2025 - 10/2/2025"
"Time Zone: (GMT) Greenwich"
"Last Completed Available Day: 11/1/2025 12:00:00 AM (GMT)"
"Last Completed Available Hour: 11/1/2025 10:00:00 AM (GMT)"
"Report Aggregation: Daily"
"Report Filter: "
"Potential Incomplete Data: false"
"Rows: 2"

"Gregorian date","Account name","Campaign name","Campaign ID","Currency code","Impressions","Clicks","Spend","Conversions"
"10/1/2025","Our account","Brand","555","GBP","1,200","30","25.50","1"
"10/2/2025","Our account","Brand","555","GBP","900","20","14.50","0"

"©2025 Microsoft Corporation. All rights reserved. "
"""

YANDEX = """Отчёт по дням (Яндекс.Директ)
Клиент: our-login
Период с 01.10.2025 по 31.10.2025
Валюта: рубли
Дата;№ Кампании;Кампания;Показы;Клики;Расход (руб., с НДС);Конверсии
Итого;;;3 000;30;1 834,70;1
01.10.2025;1234;Поиск;1 000;10;1 200,00;1
13.10.2025;1234;Поиск;2 000;20;634,70;0
"""

OTHER = """when,what,paid
01.02.2025,Radio,"100,50"
28.02.2025,Radio,"99,50"
"""
OTHER_COLUMNS = {"date": "when", "campaign": "what", "cost": "paid"}

#: name → (content, platform, currency, rows, total, the file's own total)
GOOD = {
    "google": (GOOGLE.encode(), "google_ads", "EUR", 3, "1124.75", "1124.75"),
    "google, Russian, UTF-16": (GOOGLE_RU.encode("utf-16"), "google_ads", "RUB", 2, "13000", "13000"),
    "meta": (META.encode("utf-8-sig"), "meta_ads", "USD", 2, "100", "100"),
    "meta, German": (META_DE.encode(), "meta_ads", "EUR", 1, "1050.10", None),
    "meta, Russian": (META_RU.encode(), "meta_ads", "RUB", 1, "5000.5", None),
    "linkedin, UTF-16": (LINKEDIN.encode("utf-16"), "linkedin_ads", "USD", 2, "300", "300"),
    "microsoft": (MICROSOFT.encode("utf-8-sig"), "microsoft_ads", "GBP", 2, "40", None),
    "yandex, Windows-1251": (YANDEX.encode("cp1251"), "yandex_direct", "RUB", 2, "1834.70", "1834.70"),
}  # fmt: skip

#: name → (content, code of the problem)
BROKEN = {
    "cut in the middle of a line": (GOOGLE.split("350,2.50", maxsplit=1)[0].encode(), "short_row"),
    "without its end": ("\n".join(MICROSOFT.splitlines()[:-2]).encode(), "cut"),
    "a row less than it says": (MICROSOFT.replace('Rows: 2', 'Rows: 5').encode(), "row_count"),
    "two currencies": (
        GOOGLE.replace("2025-10-02,EUR", "2025-10-02,USD").encode(), "mixed_currency"),
    "29 February": (META.replace("2025-10-02,2025-10-02", "2025-02-29,2025-02-29").encode(),
                    "bad_date"),
    "no number": (META.replace("50.10", "=cmd|' /C calc'!A0").encode(), "bad_number"),
    "a campaign called by a novel": (META.replace("Autumn sale", "x" * 3000).encode(), "no_text"),
    "nothing but a total": (GOOGLE_RU.split("Включено", maxsplit=1)[0].encode()
                            + "Итого: кампании\t --\tRUB\t0,00\t0\t0\t0\n".encode(), "no_rows"),
}  # fmt: skip


def workbook(rows):
    """The rows as XLSX."""
    import openpyxl

    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()
