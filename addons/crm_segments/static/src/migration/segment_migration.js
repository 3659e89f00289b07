import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useService } from "@web/core/utils/hooks";
import { formatCount, formatMoney } from "../heatmap/figures";
import { SegmentHeatmap } from "../heatmap/segment_heatmap";

const { DateTime } = luxon;

/** Days back of the presets, as something luxon subtracts. */
const PRESETS = { month: { months: 1 }, quarter: { months: 3 }, year: { years: 1 } };

/**
 * Heat map of who moved from which segment (rows) to which (columns) between two days.
 * It is a table: each cell tells its number, the shade only helps the eye.
 */
export class SegmentMigration extends Component {
    static template = "crm_segments.SegmentMigration";
    static components = { SegmentHeatmap };
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

    /** The cells as the heat map takes them: from = row, to = column. */
    get heat() {
        return this.cells.map((cell) => ({ ...cell, row: cell.from, column: cell.to }));
    }

    /** Who stayed where they were is told from who moved. */
    color(cell) {
        return cell.row === cell.column ? "var(--secondary)" : "var(--primary)";
    }

    sum(cells) {
        const add = (name) => cells.reduce((total, cell) => total + (cell[name] || 0), 0);
        return { count: add("count"), amount: add("amount") };
    }

    get moved() {
        return this.sum(this.cells.filter((cell) => cell.from !== cell.to && cell.from && cell.to));
    }

    get knownFrom() {
        const day = formatDate(DateTime.fromISO(this.state.data.known_from));
        return _t("Known from %(day)s on: “Compute the Past” fills the months before.", { day });
    }

    get summary() {
        return _t("%(moved)s customers moved between segments, %(money)s of last year's sales.", {
            moved: this.number(this.moved.count),
            money: this.hasMoney ? this.money(this.moved.amount) : _t("n/a"),
        });
    }

    number(value) {
        return formatCount(value);
    }

    money(value) {
        return formatMoney(value, this.state.data.currency_id);
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
