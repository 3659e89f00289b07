"""The dashboard of crm_campaign_roi: money in, money out, by month, campaign and segment."""

from . import sheets
from .sheets import CELL, HEADER, HEADER_CENTRED, KPI, TITLE, ident

REPORT = "crm.campaign.roi.report"
WITH_CAMPAIGN = [["campaign_id", "!=", False]]
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
TOP = 12
MENU = "crm_campaign_roi.menu_roi_report"
WIDTHS = (230, 190, 95, 100, 95, 95, 90, 105)
#: rows of the titles of the tables
BEST, WORST, GRADES = 47, 63, 79
#: rows of a table, and its last column
LENGTHS = {BEST: TOP, WORST: TOP, GRADES: 6}
LAST = {BEST: "H", WORST: "H", GRADES: "F"}


def _looks():
    """Styles and borders of the tables."""
    styles, borders = {}, {}
    for row, last in LAST.items():
        styles.update({
            f"A{row}": TITLE, f"A{row + 1}": HEADER, f"B{row + 1}:{last}{row + 1}": HEADER_CENTRED,
            f"A{row + 2}:{last}{row + 1 + LENGTHS[row]}": CELL,
        })  # fmt: skip
        borders.update({f"A{row}:{last}{row}": 1, f"A{row + 1}:{last}{row + 1}": 2})
    return styles, borders


def _matching():
    return {
        COMPANY: {"chain": "company_id", "type": "many2one"},
        PERIOD: {"chain": "month", "type": "date", "offset": 0},
    }


def _pivots():
    sums = [("cost", "sum", "Cost"), ("invoiced", "sum", "Invoiced"), ("paid", "sum", "Paid"),
            ("margin", "sum", "Margin"), ("roi", "avg", "ROI", "0%"),
            ("cac", "avg", "CAC")]  # fmt: skip
    coverage = [("order_coverage", "avg", "Coverage of Orders"),
                ("cost_coverage", "avg", "Coverage of Cost")]  # fmt: skip
    experiments = [("romi", "avg", "ROMI"), ("romi_low", "avg", "ROMI, Low"),
                   ("romi_high", "avg", "ROMI, High")]  # fmt: skip
    # what isn't known is no number, and stands last either way
    # (the host takes what a table is sorted by for a field, unless its name begins so)
    loss = "=IF(ISNUMBER('roi:avg'),0-'roi:avg',\"\")"
    graded = ["campaign_id", "evidence"]
    worst = sheets.computed("__count_loss", "Loss", loss, "Data")
    return [
        sheets.pivot("Campaigns", REPORT, WITH_CAMPAIGN, _matching(), sums, graded, "roi:avg"),
        sheets.pivot("Total", REPORT, WITH_CAMPAIGN, _matching(), sums),
        sheets.pivot("Coverage", REPORT, [], _matching(), coverage),
        sheets.pivot("Experiments", REPORT, WITH_CAMPAIGN, _matching(), experiments),
        sheets.pivot("Campaigns", REPORT, WITH_CAMPAIGN, _matching(),
                     [*sums, worst], graded, worst["id"]),
        sheets.pivot("Evidence", REPORT, WITH_CAMPAIGN, _matching(), sums[:-1], ["evidence"],
                     "cost:sum"),
    ]  # fmt: skip


#: name → (title, cell of the value, cell of the baseline, its words)
CARDS = {
    "cost": ("Spent", "D2", "E2", "allocated"),
    "invoiced": ("Invoiced", "D3", "E3", "attributed"),
    "margin": ("Margin", "D4", "E4", "paid so far"),
    "roi": ("ROI", "D5", "E5", "CAC"),
    "romi": ("ROMI", "D6", "E6", ""),
}
_CHARTS = {
    "money in": ((0, 138), (475, 456), ["month:month"], "cost", "Cost by Month"),
    "money out": ((525, 138), (475, 456), ["month:month"], "margin", "Margin by Month"),
    "campaigns": ((0, 615), (475, 436), ["campaign_id", "evidence"], "margin",
                  "Margin by Campaign and Evidence"),
    "segments": ((525, 615), (475, 436), ["segment_id"], "margin", "Margin by Segment"),
}


def _cards():
    return [
        sheets.figure(
            f"card {name}", sheets.scorecard(title, f"Data!{value}", f"Data!{base}", told),
            (number * 198, 12), (186, 108),
        )
        for number, (name, (title, value, base, told)) in enumerate(CARDS.items())
    ]  # fmt: skip


def _charts():
    return [
        sheets.figure(
            f"chart {name}",
            sheets.odoo_bar(REPORT, groups, measure, WITH_CAMPAIGN, _matching(), told=told,
                            order=None if "month" in groups[0] else "DESC",
                            stacked=len(groups) > 1),
            place, size,
        )
        for name, (place, size, groups, measure, told) in _CHARTS.items()
    ]  # fmt: skip


def _data():
    """The figures of the cards; what can't be known reads n/a."""
    value = 'PIVOT.VALUE({}, "{}")'.format
    rows = [
        ("Cost", f"=FORMAT.LARGE.NUMBER({value(2, 'cost:sum')})", value(3, "cost_coverage:avg")),
        ("Invoiced", f"=FORMAT.LARGE.NUMBER({value(2, 'invoiced:sum')})",
         value(3, "order_coverage:avg")),
        ("Margin", f"=FORMAT.LARGE.NUMBER({value(2, 'margin:sum')})", value(2, "paid:sum")),
        ("ROI", f'=IF({value(2, "cost:sum")}>0, TEXT({value(2, "roi:avg")}, "0%"), _t("n/a"))',
         value(2, "cac:avg")),
    ]  # fmt: skip
    romi, low, high = (value(4, f"{name}:avg") for name in ("romi", "romi_low", "romi_high"))
    cells = {"A1": '=_t("KPI")', "D1": '=_t("Current")', "E1": '=_t("Compared with")'}
    for row, (title, current, other) in enumerate(rows, 2):
        share = 'TEXT({}, "0%")' if row < 4 else "FORMAT.LARGE.NUMBER({})"
        cells.update(
            {f"A{row}": f'=_t("{title}")', f"D{row}": current,
             f"E{row}": f'=IF(ISBLANK({other}), _t("n/a"), {share.format(other)})'}
        )  # fmt: skip
    # without a hold-out nothing is measured: no number at all
    cells.update(
        {"A6": '=_t("ROMI")', "D6": f'=IF(ISNUMBER({romi}), TEXT({romi}, "0%"), _t("n/a"))',
         "E6": f'=IF(ISNUMBER({romi}), TEXT({low}, "0%")&" … "&TEXT({high}, "0%"),'
               ' _t("no experiment"))'}
    )  # fmt: skip
    return sheets.sheet("Data", cells, widths=(160, 89, 89, 89, 89), styles={"A1:E1": KPI})


def _board(cells, figures):
    styles, borders = _looks()
    return sheets.sheet(
        "Dashboard", cells, widths=WIDTHS, styles=styles, borders=borders, figures=figures,
        tables=[sheets.table(f"A{row + 1}:{last}{row + 1 + LENGTHS[row]}")
                for row, last in LAST.items()],
        rows=GRADES + LENGTHS[GRADES] + 5,
    )  # fmt: skip


#: titles of the columns of a campaign; of those of a grade the first and the last are not there
_TITLES = ("Campaign", "Evidence", "Cost", "Invoiced", "Paid", "Margin", "ROI", "CAC")
_MEASURES = ("cost:sum", "invoiced:sum", "paid:sum", "margin:sum", "roi:avg", "cac:avg")


def _headers(row, titles):
    return {
        f"{column}{row + 1}": f'=_t("{title}")'
        for column, title in zip("ABCDEFGH", titles, strict=False)
    }


def _ranked(row, pivot):
    """A table of campaigns, each with its grade; rows beyond the last campaign stay empty."""
    cells = _headers(row, _TITLES)
    for place in range(1, TOP + 1):
        at = f'"#campaign_id", {place}'
        values = [f"PIVOT.HEADER({pivot}, {at})",
                  f'PIVOT.HEADER({pivot}, {at}, "#evidence", 1)',
                  *(f'PIVOT.VALUE({pivot}, "{one}", {at})' for one in _MEASURES)]  # fmt: skip
        cells.update({f"{column}{row + 1 + place}": f"={value}"
                      for column, value in zip("ABCDEFGH", values, strict=True)})  # fmt: skip
    return cells


def dashboard():
    """Return the dashboard."""
    menus = {ident(f"card {name}"): MENU for name in CARDS}
    menus |= {ident(f"chart {name}"): MENU for name in _CHARTS}
    cells = {
        f"A{BEST}": sheets.link("Campaigns, Best First", REPORT, WITH_CAMPAIGN,
                                ("pivot", "search")),
        **_ranked(BEST, 1),
        f"A{WORST}": sheets.link("Campaigns, Worst First", REPORT, WITH_CAMPAIGN,
                                 ("pivot", "search")),
        **_ranked(WORST, 5),
        f"A{GRADES}": sheets.link("Return by Evidence", REPORT, WITH_CAMPAIGN,
                                  ("pivot", "search")),
        f"A{GRADES + 1}": f"=PIVOT(6, {LENGTHS[GRADES]}, FALSE, FALSE)",
    }
    board = _board(cells, [*_cards(), *_charts()])
    return sheets.document([board, _data()], _pivots(), [], FILTERS, menus)


#: what the sample shows: campaign, grade, cost, invoiced, paid, margin, ROI, CAC
SAMPLE = (
    ("Newsletter", "Experiment", 640, 9200, 8100, 3900, "509%", 71),
    ("Spring fair", "Matched comparison", 5200, 21400, 19800, 8100, "56%", 260),
    ("Search", "Attribution", 2100, 6300, 5200, 2500, "19%", 175),
    ("Magazine", "Attribution", 2600, 3100, 3100, 1200, "-54%", 650),
)
_SAMPLE_GRADES = (
    ("Matched comparison", 5200, 21400, 19800, 8100, "56%"),
    ("Attribution", 4700, 9400, 8300, 3700, "-21%"),
    ("Experiment", 640, 9200, 8100, 3900, "509%"),
)


def _sample_rows(row, rows):
    """Cells of rows; a grade is named in the language of the reader."""
    return {
        f"{column}{number}": f'=_t("{value}")' if value in _GRADES else str(value)
        for number, values in enumerate(rows, row + 2)
        for column, value in zip("ABCDEFGH", values, strict=False)
    }


_GRADES = {one[1] for one in SAMPLE}


def sample():
    """Return what is shown while there are no figures."""
    told = (("$10.5k", "91%"), ("$40k", "64%"), ("$15.7k", "$36k"), ("49%", "$215"),
            ("38%", "5% … 71%"))  # fmt: skip
    data = {}
    for row, (current, other) in enumerate(told, 2):
        data.update({f"D{row}": current, f"E{row}": other})
    cells = {}
    for row, name, rows in ((BEST, "Best", SAMPLE), (WORST, "Worst", SAMPLE[::-1])):
        cells[f"A{row}"] = f'=_t("Campaigns, {name} First")'
        cells.update(_headers(row, _TITLES) | _sample_rows(row, rows))
    cells[f"A{GRADES}"] = '=_t("Return by Evidence")'
    cells.update(_headers(GRADES, _TITLES[1:-1]) | _sample_rows(GRADES, _SAMPLE_GRADES))
    for row, values in enumerate(SAMPLE, BEST + 2):
        data.update({f"A{row}": values[0], f"B{row}": str(values[5]), f"C{row}": str(values[2])})
    charts = [
        sheets.figure(
            f"chart {name}",
            sheets.bar("Data!A49:A52", ["Data!C49:C52" if one[3] == "cost" else "Data!B49:B52"],
                       told=one[4]),
            one[0], one[1],
        )
        for name, one in _CHARTS.items()
    ]  # fmt: skip
    board = _board(cells, [*_cards(), *charts])
    return sheets.document([board, sheets.sheet("Data", data)])


_FOLDER = "crm_campaign_roi/data/files"
FILES = {
    f"{_FOLDER}/campaigns_dashboard.json": dashboard,
    f"{_FOLDER}/campaigns_sample_dashboard.json": sample,
}
