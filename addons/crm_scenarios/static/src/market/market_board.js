import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat, formatInteger, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

export const QUADRANTS = () => ({
    star: _t("Star: leading in a fast market"),
    cow: _t("Cash cow: leading in a slow market"),
    question: _t("Question mark: behind in a fast market"),
    dog: _t("Poor dog: behind in a slow market"),
});

/** Bubbles of market growth and relative share; the table beside it has the same content. */
export class GrowthShareChart extends Component {
    static template = "crm_scenarios.GrowthShareChart";
    static props = { chart: Object, rows: Array, onOpen: Function };

    number(id) {
        return this.props.rows.findIndex((row) => row.id === id) + 1;
    }

    row(id) {
        return this.props.rows.find((row) => row.id === id);
    }

    title(id) {
        const row = this.row(id);
        return `${this.number(id)}. ${row.name}: ${QUADRANTS()[row.quadrant] || _t("unknown")}`;
    }

    percent = (value) => formatPercentage(value, { digits: [16, 0] });
}

/** The position in the markets: chart, table with the source of each figure, white space. */
export class MarketBoard extends Component {
    static template = "crm_scenarios.MarketBoard";
    static components = { GrowthShareChart, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, space: null, error: "", open: null });
        onWillStart(() => this.load(null));
    }

    load = async (year) => {
        try {
            const data = await this.orm.call("crm.market", "board", [year]);
            const space = data.money_visible ? await this.orm.call("crm.market", "white_space", []) : null;
            Object.assign(this.state, { data, space, error: "" });
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    };

    choose(ev) {
        return this.load(Number(ev.target.value));
    }

    money(value) {
        return value === null
            ? _t("unknown")
            : formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    share(value) {
        return value === null ? _t("unknown") : formatPercentage(value, { digits: [16, 1] });
    }

    ratio(value) {
        return value === null ? _t("unknown") : formatFloat(value, { digits: [16, 2] });
    }

    count(value) {
        return value === null ? _t("unknown") : formatInteger(value);
    }

    quadrant(row) {
        return QUADRANTS()[row.quadrant] || _t("unknown");
    }

    source(one) {
        if (!one.source) {
            return _t("no source");
        }
        const day = formatDate(deserializeDate(one.as_of));
        return one.stale
            ? _t("%(source)s, %(day)s: older than 18 months", { source: one.source, day })
            : `${one.source}, ${day}`;
    }

    wins(rival) {
        if (rival.win_rate === null) {
            return _t("unknown: no deal lost for its reasons");
        }
        return _t("%(rate)s (%(low)s to %(high)s), %(won)s won, %(lost)s lost to it", {
            rate: this.share(rival.win_rate), low: this.share(rival.low), high: this.share(rival.high),
            won: rival.won, lost: rival.lost,
        });
    }

    trend(row) {
        return row.trend.map(([year, share]) => `${year}: ${this.share(share)}`).join(" · ");
    }

    shade(value) {
        return `background-color: color-mix(in srgb, var(--primary, #714b67) ${Math.round(value * 70)}%, transparent)`;
    }

    toggle(id) {
        this.state.open = this.state.open === id ? null : id;
    }

    openMarket = (id) =>
        this.action.doAction({
            type: "ir.actions.act_window", res_model: "crm.market", res_id: id, views: [[false, "form"]],
        });

    openMarkets() {
        return this.action.doAction("crm_scenarios.crm_market_action");
    }

    async print() {
        return this.action.doAction(await this.orm.call("crm.market", "action_print", [[]]));
    }
}

registry.category("actions").add("crm_scenarios.market", MarketBoard);
