import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;

/** Days back of the presets, as something luxon subtracts. */
const PRESETS = { month: { months: 1 }, quarter: { months: 3 }, year: { years: 1 } };

/**
 * Heat map of who moved from which segment (rows) to which (columns) between two days.
 * It is a table: each cell tells its number, the shade only helps the eye.
 */
export class SegmentMigration extends Component {
    static template = "crm_segments.SegmentMigration";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const today = DateTime.now();
        this.state = useState({
            from: today.minus(PRESETS.quarter).toISODate(),
            to: today.toISODate(),
            measure: "count",
            data: null,
            error: "",
        });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId) {
                return this.load(next.record.resId);
            }
        });
    }

    async load(id) {
        this.state.error = "";
        if (!id) {
            this.state.data = null;
            return;
        }
        try {
            const { from, to } = this.state;
            this.state.data = await this.orm.call("crm.segmentation", "migration", [[id], from, to]);
        } catch (error) {
            this.state.data = null;
            this.state.error = error.data?.message || error.message;
        }
    }

    get presets() {
        return [
            { key: "month", label: _t("A month ago") },
            { key: "quarter", label: _t("Three months ago") },
            { key: "year", label: _t("A year ago") },
        ];
    }

    choose(key) {
        const today = DateTime.now();
        Object.assign(this.state, { from: today.minus(PRESETS[key]).toISODate(), to: today.toISODate() });
        return this.load(this.props.record.resId);
    }

    setDay(name, ev) {
        if (ev.target.value) {
            this.state[name] = ev.target.value;
            return this.load(this.props.record.resId);
        }
    }

    get cells() {
        return this.state.data?.cells || [];
    }

    /** Amounts are null where the user may not see them: then there is nothing to switch to. */
    get hasMoney() {
        return this.cells.some((cell) => cell.amount !== null);
    }

    get measure() {
        return this.hasMoney ? this.state.measure : "count";
    }

    toggle() {
        this.state.measure = this.measure === "count" ? "amount" : "count";
    }

    /** Segments that somebody left or came to, and none at the end. */
    get segments() {
        const used = new Set(this.cells.flatMap((cell) => [cell.from, cell.to]));
        const named = (this.state.data?.segments || []).filter((one) => used.has(one.id));
        return used.has(0) ? [...named, { id: 0, name: _t("No segment") }] : named;
    }

    get rows() {
        return this.segments.map((segment) => {
            const cells = this.segments.map((to) => this.cell(segment.id, to.id));
            return { segment, cells, total: this.sum(cells) };
        });
    }

    cell(from, to) {
        const found = this.cells.find((cell) => cell.from === from && cell.to === to);
        return found || { from, to, count: 0, amount: this.hasMoney ? 0 : null };
    }

    sum(cells) {
        const add = (name) => cells.reduce((total, cell) => total + (cell[name] || 0), 0);
        return { count: add("count"), amount: add("amount") };
    }

    get columnTotals() {
        return this.segments.map((to) => this.sum(this.cells.filter((cell) => cell.to === to.id)));
    }

    get total() {
        return this.sum(this.cells);
    }

    get moved() {
        return this.sum(this.cells.filter((cell) => cell.from !== cell.to && cell.from && cell.to));
    }

    get summary() {
        return _t("%(moved)s customers moved between segments, %(money)s of last year's sales.", {
            moved: this.number(this.moved.count),
            money: this.hasMoney ? this.money(this.moved.amount) : _t("n/a"),
        });
    }

    number(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    text(cell) {
        return this.measure === "count" ? this.number(cell.count) : this.money(cell.amount);
    }

    share(cell, row) {
        const whole = row.total[this.measure];
        return whole > 0 ? Math.max(cell[this.measure] || 0, 0) / whole : 0;
    }

    title(cell, row) {
        const share = formatPercentage(this.share(cell, row), { digits: [16, 0] });
        return _t("%(text)s, %(share)s of the row", { text: this.text(cell), share });
    }

    style(cell, row) {
        const shade = Math.round(70 * this.share(cell, row));
        const colour = cell.from === cell.to ? "var(--bs-secondary)" : "var(--bs-primary)";
        return `background-color: color-mix(in srgb, ${colour} ${shade}%, transparent)`;
    }

    async open(cell) {
        const { from, to } = this.state;
        const args = [[this.props.record.resId], from, to, cell.from, cell.to];
        const action = await this.orm.call("crm.segmentation", "action_open_migration", args);
        return this.action.doAction(action);
    }

    async openMovers() {
        const { from, to } = this.state;
        const args = [[this.props.record.resId], from, to];
        const action = await this.orm.call("crm.segmentation", "action_open_movers", args);
        return this.action.doAction(action);
    }
}

registry.category("view_widgets").add("segment_migration", { component: SegmentMigration });
