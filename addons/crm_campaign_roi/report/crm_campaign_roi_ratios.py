"""Ratios are ratios of sums at every level; what can't be known is empty."""

from odoo import models
from odoo.tools import SQL

#: what ROMI and its limits are made of
_TESTED = ("incremental_margin", "tested_cost", "incremental_below", "incremental_above")
_ROMI = ("romi", "romi_low", "romi_high")
#: ratio → columns above and below the line
RATIOS = {
    "roas": ("credited", "cost"),
    "cost_per_lead": ("cost", "leads"),
    "cost_per_opportunity": ("cost", "opportunities"),
    "cac": ("cost", "new_customers"),
    "ltv_cac": ("lifetime_margin", "cost"),
    "ltv_cac_expected": ("lifetime_expected", "cost"),
    "order_coverage": ("attributed", "ordered"),
    "cost_coverage": ("attributed_cost", "marketing_cost"),
}


def ratio_sql(above, below):
    """above / below, empty where below isn't positive (as ``lib/ratios.py: ratio``)."""
    return SQL("CASE WHEN %(b)s > 0 THEN %(a)s / %(b)s END", a=above, b=below)


def roi_sql(margin, cost, ordered):
    """(margin − cost) / cost; without any result the margin is 0, without a known one it's none."""
    return ratio_sql(
        SQL(
            "(CASE WHEN %(m)s IS NULL AND COALESCE(%(o)s, 0) = 0 THEN 0 ELSE %(m)s END - %(c)s)",
            m=margin,
            o=ordered,
            c=cost,
        ),
        cost,
    )


def romi_sql(margin, cost):
    """(incremental margin − cost) / cost; empty without a hold-out."""
    return ratio_sql(SQL("(%s - %s)", margin, cost), cost)


def romi_limits(margin, cost, below, above):
    """ROMI and its limits by name: errors of experiments add as squares, as in
    ``lib/lift_reading.py: together``.

    :param below: sum of the squares of how far the intervals reach below, ``above`` so too
    """
    low, high = SQL("(%s - sqrt(%s))", margin, below), SQL("(%s + sqrt(%s))", margin, above)
    return {
        "romi": romi_sql(margin, cost),
        "romi_low": romi_sql(low, cost),
        "romi_high": romi_sql(high, cost),
    }


class CrmCampaignRoiReport(models.Model):
    _inherit = "crm.campaign.roi.report"  # pylint: disable=consider-merging-classes-inherited

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(":")
        if function != "avg" or name not in {"roi", *_ROMI, *RATIOS}:
            return super()._read_group_select(aggregate_spec, query)

        # checks the access to the ratio itself
        self._field_to_sql(self._table, name, query)

        def total(column):
            return SQL("SUM(%s)::float", self._field_to_sql(self._table, column, query))

        if name == "roi":
            return roi_sql(total("return_margin"), total("cost"), total("ordered"))
        if name in _ROMI:
            return romi_limits(*map(total, _TESTED))[name]
        above, below = RATIOS[name]
        return ratio_sql(total(above), total(below))

    def _names_of(self, specs):
        """Ratios ask for what they are made of."""
        names = super()._names_of(specs)
        if "roi" in names:
            names |= {"return_margin", "cost", "ordered"}
        if names & {*_ROMI, *_TESTED}:
            names |= {*_TESTED}
        for ratio in names & set(RATIOS):
            names |= set(RATIOS[ratio])
        return names

    def _row_ratios(self):
        """The ratios of a row, from its columns."""
        column = {
            name: SQL("%s::float", SQL.identifier("t", name))
            for pair in RATIOS.values()
            for name in pair
        }
        parts = [
            SQL("%s AS %s", ratio_sql(column[above], column[below]), SQL.identifier(name))
            for name, (above, below) in RATIOS.items()
        ]
        roi = roi_sql(SQL("t.return_margin::float"), column["cost"], SQL("t.ordered"))
        romi = romi_limits(*(SQL("%s::float", SQL.identifier("t", name)) for name in _TESTED))
        return SQL(", ").join(
            [*parts, SQL("%s AS roi", roi),
             *(SQL("%s AS %s", value, SQL.identifier(name)) for name, value in romi.items())]
        )  # fmt: skip
