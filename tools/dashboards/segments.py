"""The dashboard of crm_segments: customers and revenue by segment, moves, money at risk."""

from . import sheets
from .sheets import CELL, HEADER, HEADER_CENTRED, KPI, TITLE, ident

METRICS, STAYS = "crm.customer.metrics", "crm.segment.membership"
REVENUE = "revenue_12m:sum_currency"
#: in the current segment of the leading segmentation
MEMBERS = [["is_leading", "=", True], ["date_to", "=", False], ["pinned", "!=", "out"],
           ["partner_id.active", "=", True]]  # fmt: skip
JOINED = [["is_leading", "=", True], ["is_join", "=", True]]
LEFT = [["is_leading", "=", True], ["is_leave", "=", True]]
PLACED = [["segment_id", "!=", False]]
BUYERS = [["segment_id", "!=", False], ["purchase_count", ">", 0]]
#: one and a half, not yet three times the usual interval without a purchase
AT_RISK = [["risk_date", "<", "today"], ["lost_date", ">=", "today"]]

PERIOD, COMPANY = ident("filter period"), ident("filter company")
FILTERS = [
    {"id": PERIOD, "type": "date", "label": "Period", "defaultValue": "last_12_months"},
    {
        "id": COMPANY,
        "type": "relation",
        "label": "Company",
        "modelName": "res.company",
        "defaultValueDisplayNames": [],
    },
]
#: rows of the tables below
TOP = 10
WIDTHS = (275, 100, 100, 50, 275, 100, 100)
HEIGHTS = {6: 40, 26: 40, 46: 40, 47: 40, **dict.fromkeys(range(48, 48 + TOP), 29)}
STYLES = {
    "A47": TITLE, "E47": TITLE,
    "A48": HEADER, "E48": HEADER, "B48:C48": HEADER_CENTRED, "F48:G48": HEADER_CENTRED,
    "A49:C58": CELL, "E49:G58": CELL,
}  # fmt: skip
BORDERS = {
    "A47:C47": 1, "E47:G47": 1, "A48:C48": 2, "E48:G48": 2,
}  # fmt: skip
TABLES = [sheets.table("A48:C58"), sheets.table("E48:G58")]


def _matching(day=None, offset=0):
    """Where the filters apply: the company always, the period where days are counted."""
    result = {COMPANY: {"chain": "company_id", "type": "many2one"}}
    if day:
        result[PERIOD] = {"chain": day, "type": "date", "offset": offset}
    return result


def _pivots():
    money = ("revenue_12m", "sum_currency", "Revenue")
    count, buyers = ("__count", None, "Customers"), ("__count", None, "Buyers")
    joins = ("__count", None, "Joins")
    return [
        sheets.pivot("Segments", METRICS, BUYERS, _matching(), [buyers, money], ["segment_id"],
                     REVENUE),
        sheets.pivot("Customers in a segment", STAYS, MEMBERS, _matching(), [count]),
        sheets.pivot("Revenue", METRICS, [], _matching(), [money]),
        sheets.pivot("Revenue at risk", METRICS, AT_RISK, _matching(), [count, money]),
        sheets.pivot("Joined", STAYS, JOINED, _matching("date_from"), [joins]),
        sheets.pivot("Joined before", STAYS, JOINED, _matching("date_from", -1), [joins]),
    ]  # fmt: skip


def _lists():
    return [
        {
            "columns": ["partner_id", "last_purchase_date", "revenue_12m"],
            "domain": AT_RISK,
            "model": METRICS,
            "context": {},
            "orderBy": [{"name": "revenue_12m", "asc": False}],
            "name": "Customers at risk",
            "fieldMatching": _matching(),
        }
    ]


#: name → (title, cell of the value, cell of the baseline, its words, mode, background)
CARDS = {
    "customers": ("Customers in a Segment", "D2", "E2", "who bought", "text", "#EFF6FF"),
    "revenue": ("Revenue, Last 12 Months", "D3", "E3", "per buyer", "text", "#EFF6FF"),
    "risk": ("Revenue at Risk", "D4", "E4", "of the revenue", "text", "#FFF7ED"),
    "joined": ("Joined a Segment", "D5", "E5", "since last period", "percentage", "#FFF7ED"),
}


def _cards():
    return [
        sheets.figure(
            f"card {name}",
            sheets.scorecard(title, f"Data!{value}", f"Data!{base}", told, mode=mode,
                             background=background),
            (number * 247, 12), (233, 108),
        )
        for number, (name, (title, value, base, told, mode, background)) in enumerate(CARDS.items())
    ]  # fmt: skip


#: place and size of the charts
_CHARTS = {
    "by customers": ((0, 138), (475, 456)),
    "by revenue": ((525, 138), (475, 456)),
    "joined": ((0, 615), (475, 476)),
    "left": ((525, 615), (475, 476)),
}
_TOLD = {
    "by customers": "Customers by Segment",
    "by revenue": "Revenue of 12 Months by Segment",
    "joined": "Joined by Month",
    "left": "Left by Month",
}


def _charts():
    month = ["date_from:month", "segment_id"], ["date_to:month", "segment_id"]
    built = {
        "by customers": sheets.odoo_bar(
            STAYS, ["segment_id"], "__count", MEMBERS, _matching(),
            told=_TOLD["by customers"], order="DESC",
        ),
        "by revenue": sheets.odoo_bar(
            METRICS, ["segment_id"], "revenue_12m", PLACED, _matching(),
            told=_TOLD["by revenue"], order="DESC",
        ),
        "joined": sheets.odoo_bar(
            STAYS, month[0], "__count", JOINED, _matching("date_from"),
            told=_TOLD["joined"], stacked=True,
        ),
        "left": sheets.odoo_bar(
            STAYS, month[1], "__count", LEFT, _matching("date_to"),
            told=_TOLD["left"], stacked=True,
        ),
    }  # fmt: skip
    return [sheets.figure(f"chart {name}", built[name], *_CHARTS[name]) for name in _CHARTS]


def _titles():
    views = ("list", "form", "search")
    return {
        "A47": sheets.link("Top Segments", METRICS, BUYERS, views),
        "E47": sheets.link("Customers at Risk", METRICS, AT_RISK, views),
    }


def _tables():
    cells = {"A48": f"=PIVOT(1, {TOP}, FALSE, FALSE)"}
    titles = ("Customer", "Last Purchase", "Revenue")
    names = ("partner_id", "last_purchase_date", "revenue_12m")
    for column, title, name in zip("EFG", titles, names, strict=True):
        cells[f"{column}48"] = f'=ODOO.LIST.HEADER(1, "{name}", _t("{title}"))'
        for row in range(1, TOP + 1):
            cells[f"{column}{48 + row}"] = f'=ODOO.LIST(1, {row}, "{name}")'
    return cells


#: row → how what it is compared with is shown; nothing where there was nothing before
_SHOWN = {4: 'TEXT(C4, "0%")', 5: 'IF(C5=0, "", FORMAT.LARGE.NUMBER(C5))'}


def _data():
    """The figures of the cards: current value, what it is compared with, both as shown."""
    value = 'PIVOT.VALUE({}, "{}")'.format
    rows = [
        ("Customers in a segment", value(2, "__count"), value(1, "__count")),
        ("Revenue", value(3, REVENUE), "IFERROR(B3/C2)"),
        ("Revenue at risk", value(4, REVENUE), "IFERROR(B4/B3)"),
        ("Joined", value(5, "__count"), value(6, "__count")),
    ]
    cells = {"A1": '=_t("KPI")', "B1": '=_t("Current")', "C1": '=_t("Compared with")'}
    for row, (title, current, other) in enumerate(rows, 2):
        shown = _SHOWN.get(row, f"FORMAT.LARGE.NUMBER(C{row})")
        cells.update(
            {
                f"A{row}": f'=_t("{title}")',
                f"B{row}": f"={current}",
                f"C{row}": f"={other}",
                f"D{row}": f"=FORMAT.LARGE.NUMBER(B{row})",
                f"E{row}": f"={shown}",
            }
        )
    return sheets.sheet("Data", cells, widths=(160, 89, 89, 89, 89), styles={"A1:E1": KPI})


def _board(cells, figures):
    return sheets.sheet(
        "Dashboard", cells, widths=WIDTHS, heights=HEIGHTS, styles=STYLES, borders=BORDERS,
        figures=figures, tables=TABLES,
    )  # fmt: skip


def dashboard():
    """Return the dashboard."""
    menus = {
        ident("card customers"): "crm_segments.menu_segment_membership",
        ident("card revenue"): "crm_segments.menu_customer_metrics",
        ident("card risk"): "crm_segments.menu_customer_metrics",
        ident("card joined"): "crm_segments.menu_segment_membership",
        ident("chart by customers"): "crm_segments.menu_segment_membership",
        ident("chart by revenue"): "crm_segments.menu_customer_metrics",
        ident("chart joined"): "crm_segments.menu_segment_membership",
        ident("chart left"): "crm_segments.menu_segment_membership",
    }
    board = _board({**_titles(), **_tables()}, [*_cards(), *_charts()])
    return sheets.document([board, _data()], _pivots(), _lists(), FILTERS, menus)


#: what the sample shows: segment, customers, revenue, joined and left in the last months
SAMPLE = (
    ("Champions", 48, 212000, (4, 5, 3, 6), (2, 1, 2, 3)),
    ("Loyal", 76, 148000, (6, 4, 7, 5), (3, 4, 2, 4)),
    ("Recent Customers", 92, 61000, (12, 15, 11, 18), (9, 8, 12, 10)),
    ("At Risk", 41, 57000, (5, 3, 6, 4), (2, 3, 1, 2)),
    ("Hibernating", 64, 19000, (7, 8, 5, 6), (3, 2, 4, 3)),
)
_SAMPLE_AT_RISK = (
    ("Azure Interior", "2026-06-02", 14200), ("Deco Addict", "2026-05-18", 11800),
    ("Gemini Furniture", "2026-06-21", 9400), ("Ready Mat", "2026-04-30", 6900),
    ("The Jackson Group", "2026-05-11", 5100),
)  # fmt: skip
_MONTHS = ("August", "September", "October", "November")


def _sample_data():
    cards = (("275", "241"), ("$497k", "$2k"), ("$57k", "11%"), ("33", "25"))
    cells = {}
    for row, (current, other) in enumerate(cards, 2):
        cells.update({f"D{row}": current, f"E{row}": other})
    for row, (name, customers, revenue, *_moves) in enumerate(SAMPLE, 7):
        cells.update({f"A{row}": f'=_t("{name}")', f"B{row}": str(customers),
                      f"C{row}": str(revenue)})  # fmt: skip
    for start, which in ((14, 3), (24, 4)):
        for column, one in zip("BCDEF", SAMPLE, strict=True):
            cells[f"{column}{start}"] = f'=_t("{one[0]}")'
            for row, number in enumerate(one[which], start + 1):
                cells[f"{column}{row}"] = str(number)
        for row, month in enumerate(_MONTHS, start + 1):
            cells[f"A{row}"] = f'=_t("{month}")'
    return sheets.sheet("Data", cells)


def _sample_tables():
    titles = {"A": "Segment", "B": "Buyers", "C": "Revenue",
              "E": "Customer", "F": "Last Purchase", "G": "Revenue"}  # fmt: skip
    cells = {f"{column}48": f'=_t("{title}")' for column, title in titles.items()}
    for row, (name, customers, revenue, *_moves) in enumerate(SAMPLE, 49):
        cells.update({f"A{row}": f'=_t("{name}")', f"B{row}": str(customers),
                      f"C{row}": str(revenue)})  # fmt: skip
    for row, (name, day, revenue) in enumerate(_SAMPLE_AT_RISK, 49):
        cells.update({f"E{row}": name, f"F{row}": day, f"G{row}": str(revenue)})
    return cells


def sample():
    """Return what is shown while there are no figures."""
    months = {14: "A15:A18", 24: "A25:A28"}
    built = {
        "by customers": sheets.bar(
            "Data!A7:A11", ["Data!B7:B11"], told=_TOLD["by customers"]
        ),
        "by revenue": sheets.bar(
            "Data!A7:A11", ["Data!C7:C11"], told=_TOLD["by revenue"]
        ),
        **{
            name: sheets.bar(
                f"Data!{months[start]}",
                [f"Data!{column}{start}:{column}{start + 4}" for column in "BCDEF"],
                told=_TOLD[name],
            )
            for name, start in (("joined", 14), ("left", 24))
        },
    }
    charts = [sheets.figure(f"chart {name}", built[name], *_CHARTS[name]) for name in _CHARTS]
    titles = {cell: f'=_t("{_title(link)}")' for cell, link in _titles().items()}
    board = _board({**titles, **_sample_tables()}, [*_cards(), *charts])
    return sheets.document([board, _sample_data()])


def _title(link):
    return link[1 : link.index("]")]


_FOLDER = "crm_segments/data/files"
FILES = {
    f"{_FOLDER}/segments_dashboard.json": dashboard,
    f"{_FOLDER}/segments_sample_dashboard.json": sample,
}
