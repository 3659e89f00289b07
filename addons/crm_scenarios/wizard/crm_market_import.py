"""Market sizes from a CSV or XLSX file: checked first, then written in one go."""

import base64

from odoo import api, fields, models
from odoo.addons.crm_segments.lib.tabular import Table, TabularError
from odoo.addons.crm_segments.lib.tabular_values import day, number, sniff_decimal
from odoo.exceptions import UserError

from ..models.crm_market import SURE

#: columns of the file → field of the market
COLUMNS = (
    "segment", "industry", "country", "year", "size", "currency", "companies", "source", "as_of",
    "sure",
)  # fmt: skip
_SHOWN = 10


class CrmMarketImport(models.TransientModel):
    """A row per market and year; rows that are there already are brought up to date."""

    _name = "crm.market.import"
    _description = "Import Market Sizes"

    file = fields.Binary(required=True)
    filename = fields.Char()

    def action_import(self):
        """Import all rows, or none and say what is wrong with which.

        :return: action that shows the markets
        :raises UserError: the file is no table, or has rows that can't be imported
        """
        self.ensure_one()
        self.env["crm.market"].check_access("create")
        found, problems = [], []
        rows = self._cells()
        mark = sniff_decimal(cells.get("size") for _line, cells in rows)
        for line, cells in rows:
            try:
                found.append(self._values(cells, mark))
            except ValueError as error:
                problems.append(self.env._("Row %(row)s: %(why)s", row=line, why=error))
        if problems or not found:
            more = len(problems) - _SHOWN
            shown = problems[:_SHOWN] + (
                [self.env._("… and %s more rows.", more)] if more > 0 else []
            )
            raise UserError("\n".join(shown) or self.env._("The file has no rows."))
        self._store(found)
        return self.env["ir.actions.act_window"]._for_xml_id("crm_scenarios.crm_market_action")

    def _cells(self):
        """(row number, dict of the columns that are known)."""
        try:
            rows = list(Table(base64.b64decode(self.file)).rows())
        except (TabularError, ValueError) as error:
            raise UserError(self.env._("This file can't be read as a table.")) from error
        names = [str(cell).strip().lower().replace(" ", "_") for cell in rows[0][1]] if rows else []
        if "year" not in names or not {"segment", "industry", "country"} & set(names):
            raise UserError(
                self.env._(
                    "The first row has to name the columns: %s. A year, and a segment, industry"
                    " or country are needed.", ", ".join(COLUMNS),
                )
            )  # fmt: skip
        return [
            (
                line,
                {name: str(cell or "").strip() for name, cell in zip(names, cells, strict=False)},
            )
            for line, cells in rows[1:]
        ]

    def _values(self, cells, mark):
        """Values of a market.

        :raises ValueError: with what is wrong, in the user's words
        """
        values = {"company_id": self.env.company.id, **self._slice_values(cells)}
        values["year"] = int(self._amount(cells, "year", mark))
        if not 1950 <= values["year"] <= 2200:
            raise ValueError(self.env._("“%s” is no year", cells["year"]))
        values["size"] = self._amount(cells, "size", mark)
        values["companies"] = int(self._amount(cells, "companies", mark))
        values["currency_id"] = self._named("res.currency", cells.get("currency")) or (
            self.env.company.currency_id.id
        )
        values["source"], values["source_date"] = cells.get("source"), self._day(cells)
        if (values["size"] or values["companies"]) and not (
            values["source"] and values["source_date"]
        ):
            raise ValueError(self.env._("the source or its day is missing"))
        sure = (cells.get("sure") or "medium").lower()
        if sure not in dict(SURE):
            raise ValueError(self.env._("“%s” is none of high, medium, low", sure))
        return {**values, "confidence": sure}

    def _slice_values(self, cells):
        models_ = {
            "segment": "crm.segment", "industry": "res.partner.industry", "country": "res.country",
        }  # fmt: skip
        found = {
            f"{name}_id": self._named(model, cells[name])
            for name, model in models_.items() if cells.get(name)
        }  # fmt: skip
        if len(found) != 1:
            raise ValueError(self.env._("one of segment, industry and country is needed"))
        return found

    def _named(self, model, text):
        """Id of the record of this name, of a country or currency also by its code."""
        if not text:
            return False
        domain = [("name", "=ilike", text)]
        if model == "res.country":
            domain = ["|", *domain, ("code", "=ilike", text)]
        found = (
            self.env[model]
            .with_context(active_test=model != "res.currency")
            .search(domain, limit=2)
        )
        if len(found) != 1:
            raise ValueError(
                self.env._("“%s” is ambiguous", text) if found
                else self.env._("“%s” is not known", text)
            )  # fmt: skip
        return found.id

    def _amount(self, cells, name, mark):
        text = cells.get(name)
        if not text:
            return 0.0
        try:
            value = float(number(text, mark))
        except (TypeError, ValueError):
            value = -1
        if value < 0:
            raise ValueError(self.env._("“%s” is no number", text))
        return value

    def _day(self, cells):
        text = cells.get("as_of")
        if not text:
            return False
        try:
            return day(text)
        except ValueError as error:
            raise ValueError(self.env._("“%s” is no day", text)) from error

    @api.model
    def _store(self, rows):
        """Create what is new, write what is there."""
        Market = self.env["crm.market"]
        key = ("segment_id", "industry_id", "country_id", "year")
        known = {
            (*(one[name].id for name in key[:3]), one.year): one
            for one in Market.search([("company_id", "=", self.env.company.id)])
        }
        fresh = {}
        for values in rows:
            place = (*(values.get(name, False) for name in key[:3]), values["year"])
            if place in known:
                known[place].write(values)
            else:
                fresh[place] = values
        Market.create(list(fresh.values()))
