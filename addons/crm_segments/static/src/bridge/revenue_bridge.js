import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { KeepLast } from "@web/core/utils/concurrency";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";

import { BridgeChart } from "./bridge_chart";
import { PERIODS } from "./bridge_periods";

const { DateTime } = luxon;

/** Parts of the sentence that tells what weighs most. */
const NAMED = 3;

/**
 * Why the revenue of a period differs from that of an earlier one: a waterfall, and the same as
 * a table by segment. Each bar and each cell opens its customers.
 */
export class RevenueBridge extends Component {
    static template = "crm_segments.RevenueBridge";
    static components = { BridgeChart, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.last = new KeepLast();
        this.state = useState({
            preset: "year",
            periods: PERIODS.year(DateTime.now()),
            segmentation: null,
            ...this.props.state?.bridge,
            data: null,
            loading: true,
            error: "",
        });
        useSetupAction({
            getLocalState: () => {
                const { preset, periods, segmentation } = this.state;
                return { bridge: { preset, periods, segmentation } };
            },
        });
        onWillStart(() => {
            this.load();
        });
    }

    /** What is asked last is shown; until then what was shown before stays, dimmed. */
    async load(fresh = false) {
        Object.assign(this.state, { loading: true, error: "" });
        const args = [this.state.periods, this.state.segmentation, fresh === true];
        try {
            const data = await this.last.add(this.orm.silent.call("crm.revenue.bridge", "bridge", args));
            Object.assign(this.state, { data, loading: false });
        } catch (error) {
            const message = error.data?.message || error.message;
            Object.assign(this.state, { data: null, loading: false, error: message });
        }
    }

    // what is asked

    get presets() {
        return [
            { key: "year", label: _t("This year") },
            { key: "months", label: _t("12 months") },
            { key: "quarter", label: _t("Last quarter") },
        ];
    }

    choose(key) {
        Object.assign(this.state, { preset: key, periods: PERIODS[key](DateTime.now()) });
        return this.load();
    }

    setDay(period, end, ev) {
        if (ev.target.value) {
            const periods = this.state.periods.map((pair) => [...pair]);
            periods[period][end] = ev.target.value;
            Object.assign(this.state, { preset: "", periods });
            return this.load();
        }
    }

    setSegmentation(ev) {
        this.state.segmentation = Number(ev.target.value);
        return this.load();
    }

    // what is answered

    get data() {
        return this.state.data;
    }

    get isEmpty() {
        return ![this.data.start, ...this.data.parts, this.data.end].some((row) => row.count);
    }

    /** Where nobody is in a segment the columns would only repeat the total. */
    get segments() {
        return this.data.segments.some((one) => one.id) ? this.data.segments : [];
    }

    /** Rows of the table and bars of the chart, in order. */
    get rows() {
        const ends = [this.data.start, this.data.end].map((row, period) => ({
            ...row,
            whole: true,
            name: `${row.name}: ${this.days(period)}`,
        }));
        return [ends[0], ...this.data.parts, ends[1]];
    }

    get bars() {
        return this.rows.map((row) => ({
            key: row.key,
            label: row.whole ? this.shortDays(row.key === "start" ? 0 : 1) : this.lines(row),
            value: row.total,
            whole: row.whole,
            text: _t("%(money)s, %(count)s customers", {
                money: this.money(row, row.total),
                count: this.number(row.count),
            }),
            short: this.short(row),
        }));
    }

    /** How old a kept answer is, in words; empty for one that was just read. */
    get age() {
        return this.data.read_at ? deserializeDateTime(this.data.read_at).toRelative() : "";
    }

    date(day) {
        return formatDate(deserializeDate(day));
    }

    days(period) {
        return this.data.periods[period].map((day) => this.date(day)).join(" – ");
    }

    /** On two lines, for the axis. */
    shortDays(period) {
        const [first, last] = this.data.periods[period].map((day) => this.date(day));
        return [`${first} –`, last];
    }

    /** A word per line where the bars stand side by side; else with the amount, and its sign. */
    lines(row) {
        return this.ui.isSmall ? [row.name, this.short(row)] : row.name.split(" ");
    }

    short(row) {
        return row.count ? this.money(row, row.total, true) : "–";
    }

    number(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    /** Changes carry their sign, where the host puts a minus; `short` is for the bars. */
    money(row, value, short = false) {
        const text = short
            ? formatFloat(value, { humanReadable: true, decimals: 1 })
            : formatMonetary(value, { currencyId: this.data.currency_id });
        return !row.whole && value > 0 ? text.replace(/\d/, "+$&") : text;
    }

    get change() {
        return this.data.end.total - this.data.start.total;
    }

    /** The answer first: from where to where, and what weighs most. */
    get summary() {
        const { start, end } = this.data;
        const share = start.total > 0 ? formatPercentage(this.change / start.total, { digits: [16, 1] }) : _t("n/a");
        return _t("Revenue went from %(start)s to %(end)s: %(change)s (%(share)s).", {
            start: this.money({ whole: true }, start.total),
            end: this.money({ whole: true }, end.total),
            change: this.money({}, this.change),
            share,
        });
    }

    get heaviest() {
        const parts = [...this.data.parts].sort((a, b) => Math.abs(b.total) - Math.abs(a.total));
        const named = parts.filter((part) => part.total).slice(0, NAMED);
        return named.map((part) => `${part.name} ${this.money(part, part.total)}`).join(" · ");
    }

    title(cell, segment) {
        const where = segment ? `${segment.name}: ` : "";
        return where + _t("open %s customers", this.number(cell.count));
    }

    async open(key, segmentId = null) {
        const segmentation = this.data.segmentation && this.data.segmentation.id;
        // what was just read opens the customers of now, what was read at night those of then
        const fresh = !this.data.read_at;
        const args = [this.data.periods, segmentation, key, segmentId, fresh];
        const action = await this.orm.call("crm.revenue.bridge", "action_open_customers", args);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("crm_segments.revenue_bridge", RevenueBridge);
