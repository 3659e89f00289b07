"""Parts of a spreadsheet dashboard, in the shape of those of Odoo 19.

See ``addons/spreadsheet_dashboard_sale/data/files`` of the host.
"""

import json
import uuid

#: of o-spreadsheet, as the host's dashboards have it: older data is migrated, newer refused
VERSION = "18.5.10"
#: numbers of the styles and borders below
TITLE, HEADER, CELL, HEADER_CENTRED, KPI = 1, 2, 3, 4, 5
STYLES = {
    "1": {"textColor": "#01666b", "bold": True, "fontSize": 16},
    "2": {"textColor": "#434343", "fontSize": 11, "bold": True},
    "3": {"textColor": "#434343", "verticalAlign": "middle"},
    "4": {"textColor": "#434343", "fontSize": 11, "bold": True, "align": "center"},
    "5": {"fillColor": "#f2f2f2"},
}
BORDERS = {
    "1": {"bottom": {"style": "thin", "color": "#CCCCCC"}},
    "2": {"top": {"style": "thin", "color": "#CCCCCC"}},
}
_LOCALE = {
    "name": "English (US)",
    "code": "en_US",
    "thousandsSeparator": ",",
    "decimalSeparator": ".",
    "dateFormat": "mm/dd/yyyy",
    "timeFormat": "hh:mm:ss",
    "formulaArgSeparator": ",",
    "weekStart": 7,
}
_NAMESPACE = uuid.UUID("5d0a1c80-5f0f-4d4c-9a53-7f6f2b8f7c11")


def ident(name):
    """Return an id that is the same for the same name."""
    return str(uuid.uuid5(_NAMESPACE, name))


def document(sheets, pivots=(), lists=(), filters=(), menus=None):
    """Return a spreadsheet.

    :param pivots: definitions by number, from 1; ``lists`` too
    :param dict menus: id of a chart → external id of the menu that it opens
    """
    numbered = {str(number): one for number, one in enumerate(pivots, 1)}
    for number, one in numbered.items():
        one.update({"id": number, "formulaId": number})
    listed = {str(number): {**one, "id": str(number)} for number, one in enumerate(lists, 1)}
    return {
        "version": VERSION,
        "sheets": sheets,
        "styles": STYLES,
        "formats": {},
        "borders": BORDERS,
        "revisionId": "START_REVISION",
        "uniqueFigureIds": True,
        "settings": {"locale": _LOCALE},
        "pivots": numbered,
        "pivotNextId": len(numbered) + 1,
        "customTableStyles": {},
        "globalFilters": list(filters),
        "lists": listed,
        "listNextId": len(listed) + 1,
        "chartOdooMenusReferences": menus or {},
    }


def sheet(
    name, cells, *, widths=(), heights=None, styles=None, borders=None, figures=(), tables=(),
    rows=70,
):  # fmt: skip
    """Return a sheet.

    :param dict cells: address → content
    :param widths: of the columns, from the first
    :param dict heights: number of a row, from 0 → its height
    """
    return {
        "id": ident(f"sheet {name}"),
        "name": name,
        "colNumber": max(len(widths), 7),
        "rowNumber": rows,
        "rows": {str(row): {"size": size} for row, size in (heights or {}).items()},
        "cols": {str(column): {"size": size} for column, size in enumerate(widths)},
        "merges": [],
        "cells": cells,
        "styles": styles or {},
        "formats": {},
        "borders": borders or {},
        "conditionalFormats": [],
        "dataValidationRules": [],
        "figures": list(figures),
        "tables": list(tables),
        "areGridLinesVisible": True,
        "isVisible": True,
        "headerGroups": {"ROW": [], "COL": []},
        "comments": {},
    }


def table(cells):
    """Return the look of a table: one header, banded rows."""
    return {
        "range": cells,
        "type": "static",
        "config": {
            "hasFilters": False,
            "totalRow": False,
            "firstColumn": False,
            "lastColumn": False,
            "numberOfHeaders": 1,
            "bandedRows": True,
            "bandedColumns": False,
            "automaticAutofill": True,
            "styleId": "None",
        },
    }


def figure(name, data, place, size):
    """Return a chart at a place in pixels."""
    return {
        "id": ident(name),
        "width": size[0],
        "height": size[1],
        "tag": "chart",
        "data": {**data, "chartId": ident(name)},
        "offset": {"x": place[0], "y": place[1]},
        "col": 0,
        "row": 0,
    }


def scorecard(title, value, baseline, told, *, mode="text", background="#EFF6FF"):
    """Return a figure with a comparison; ``value`` and ``baseline`` are cells."""
    return {
        "type": "scorecard",
        "title": {"text": title, "bold": True, "color": "#434343"},
        "background": background,
        "keyValue": value,
        "baseline": baseline,
        "baselineMode": mode,
        "baselineDescr": {"text": told},
        "baselineColorDown": "#DC6965",
        "baselineColorUp": "#00A04A",
        "humanize": False,
    }


def title(text):
    """Return the title of a chart: phones show the charts without the cells around them."""
    return {"text": text, "bold": True, "fontSize": 16, "color": "#01666B"}


def odoo_bar(model, group_by, measure, domain, matching, *, told, order=None, stacked=False):
    """Return a bar chart of records; ``told`` is its title, which names the measure as well.

    The axes have no titles: the host translates that of a chart, not theirs.
    """
    return {
        "type": "odoo_bar",
        "title": title(told),
        "background": "#FFFFFF",
        "legendPosition": "bottom" if stacked else "none",
        "metaData": {
            "groupBy": group_by,
            "measure": measure,
            "order": order,
            "resModel": model,
            "mode": "bar",
        },
        "searchParams": {
            "comparison": None,
            "context": {"group_by": []},
            "domain": domain,
            "groupBy": group_by,
            "orderBy": [],
        },
        "dataSets": [{}],
        "verticalAxisPosition": "left",
        "stacked": stacked,
        "fieldMatching": matching,
    }


def bar(labels, values, *, told):
    """Return a bar chart of cells; ``values`` are one column, or several with names on top."""
    many = len(values) > 1
    return {
        "type": "bar",
        "dataSetsHaveTitle": many,
        "dataSets": [{"dataRange": one, "yAxisId": "y"} for one in values],
        "legendPosition": "bottom" if many else "none",
        "labelRange": labels,
        "title": title(told),
        "stacked": many,
        "aggregated": False,
    }


def computed(name, title, formula, sheet_name):
    """Return a measure that is worked out of others and not shown, to sort by.

    By its mean: of rows without a number that is none, where their sum would be 0.
    """
    return {
        "id": f"{name}:avg",
        "fieldName": name,
        "aggregator": "avg",
        "userDefinedName": title,
        "computedBy": {"sheetId": ident(f"sheet {sheet_name}"), "formula": formula},
        "isHidden": True,
    }


def pivot(name, model, domain, matching, measures, rows=(), sort=None):
    """Return a pivot.

    :param measures: (field or ``__count``, aggregator or None, title) and perhaps a format of
        numbers, or :func:`computed`
    :param str sort: id of the measure by which the rows fall
    """
    result = {
        "type": "ODOO",
        "name": name,
        "model": model,
        "domain": domain,
        "context": {"group_by": []},
        "fieldMatching": matching,
        "measures": [one if isinstance(one, dict) else _measure(*one) for one in measures],
        "columns": [],
        "rows": [{"fieldName": one} for one in rows],
    }
    if sort:
        result["sortedColumn"] = {"measure": sort, "order": "desc", "domain": []}
    return result


def _measure(field, aggregator, title, shape=None):
    result = {"id": field, "fieldName": field, "userDefinedName": title}
    if shape:
        result["format"] = shape
    if aggregator:
        result.update({"id": f"{field}:{aggregator}", "aggregator": aggregator})
    return result


def link(title, model, domain, views, context=None):
    """Return the content of a cell that opens records."""
    action = {
        "domain": domain,
        "context": context or {},
        "modelName": model,
        "views": [[False, kind] for kind in views],
    }
    view = {"viewType": views[0], "action": action, "threshold": 0, "name": title}
    return f"[{title}](odoo://view/{json.dumps(view, separators=(',', ':'))})"
