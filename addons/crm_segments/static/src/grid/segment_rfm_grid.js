import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useService } from "@web/core/utils/hooks";
import { ask, formatCount, formatMoney } from "../heatmap/figures";
import { NotRun } from "../heatmap/not_run";
import { SegmentHeatmap } from "../heatmap/segment_heatmap";

/** Side in pixels of the square of the largest cell. */
const LARGEST = 32;
const SCORES = [1, 2, 3, 4, 5];

/**
 * Recency × frequency or monetary value. The square's area and the shade each stand for
 * customers or revenue; both figures and the segments that lie there are in the cell.
 */
export class SegmentRfmGrid extends Component {
    static template = "crm_segments.SegmentRfmGrid";
    static components = { NotRun, SegmentHeatmap };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            axis: "frequency",
            size: "count",
            shade: "amount",
            data: null,
            error: "",
            loading: false,
        });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (this.loaded !== this.version(record)) {
                return this.load(record.resId, record);
            }
        });
    }

    /** Another segmentation, or another run of it, has other figures. */
    version(record) {
        return `${record.resId} ${record.data.last_run_date}`;
    }

    async load(id, record = this.props.record) {
        this.loaded = this.version(record);
        this.state.data = id ? this.state.data : null;
        if (id) {
            await ask(this.orm, this.state, "crm.segmentation", "rfm_grid", [[id], this.state.axis]);
        }
    }

    get axes() {
        return [
            { key: "frequency", label: _t("Frequency") },
            { key: "monetary", label: _t("Monetary value") },
        ];
    }

    get measures() {
        return [
            { key: "count", label: _t("Customers") },
            { key: "amount", label: _t("Revenue") },
        ];
    }

    async reload() {
        await this.props.record.load();
        await this.load(this.props.record.resId);
    }

    chooseAxis(axis) {
        this.state.axis = axis;
        return this.load(this.props.record.resId);
    }

    get cells() {
        return this.state.data?.cells || [];
    }

    get scored() {
        return this.cells.reduce((total, cell) => total + cell.count, 0);
    }

    /** Amounts are null where the user may not see them: then there is nothing to switch to. */
    get hasMoney() {
        return this.cells.some((cell) => cell.amount !== null);
    }

    measure(name) {
        return this.hasMoney ? this.state[name] : "count";
    }

    get rows() {
        const names = { 5: _t("Recency 5 (latest)"), 1: _t("Recency 1 (longest ago)") };
        return [...SCORES].reverse().map((id) => ({ id, name: names[id] || _t("Recency %s", id) }));
    }

    get columns() {
        const frequency = this.state.axis === "frequency";
        return SCORES.map((id) => ({
            id,
            name: frequency ? _t("Frequency %s", id) : _t("Monetary value %s", id),
        }));
    }

    /** What a cell's measure is of that of the largest one. */
    part(cell, name) {
        const measure = this.measure(name);
        const largest = Math.max(...this.cells.map((one) => one[measure] || 0));
        return largest > 0 ? Math.max(cell[measure] || 0, 0) / largest : 0;
    }

    shade = (cell) => this.part(cell, "shade");

    square(cell) {
        const side = Math.round(LARGEST * Math.sqrt(this.part(cell, "size")));
        // darker than the darkest shade behind it
        const colour = "color-mix(in srgb, var(--primary) 65%, black)";
        return `width: ${side}px; height: ${side}px; background-color: ${colour}`;
    }

    /** Segments with customers here, the largest first; of an empty cell those that it belongs to. */
    here(cell) {
        const peopled = cell.segments.filter((one) => one.count);
        return (peopled.length ? peopled : cell.segments).map((one) => ({
            ...one,
            name: this.state.data.names[one.id],
        }));
    }

    label(cell) {
        const [first, ...others] = this.here(cell);
        if (!first) {
            return "";
        }
        return others.length
            ? _t("%(segment)s +%(others)s", { segment: first.name, others: others.length })
            : first.name;
    }

    money(value) {
        return formatMoney(value, this.state.data.currency_id);
    }

    count(value) {
        return formatCount(value);
    }

    /** Customers of a segment that stand beside the grid: how many, how much, and why. */
    unscored({ count, amount, pinned }) {
        const names = { count: formatCount(count), money: this.money(amount) };
        const figures = this.hasMoney
            ? _t("%(count)s customers, %(money)s in 12 months", names)
            : _t("%(count)s customers", names);
        const reason = pinned
            ? _t("pinned by hand, so without current scores")
            : _t("without a purchase, so without scores");
        return `${figures}: ${reason}`;
    }

    title = (cell) => {
        const segments = this.here(cell)
            .map((one) => (cell.count ? `${one.name} (${formatCount(one.count)})` : one.name))
            .join(", ");
        const names = { count: formatCount(cell.count), money: this.money(cell.amount), segments };
        return this.hasMoney
            ? _t("%(count)s customers, %(money)s in 12 months. Segments: %(segments)s", names)
            : _t("%(count)s customers. Segments: %(segments)s", names);
    };

    get caption() {
        const { metrics } = this.state.data;
        return _t(
            "Rows: recency by “%(recency)s”. Columns: scores by “%(column)s”. 5 is the best fifth of the buyers; ties share a score.",
            { recency: metrics.recency, column: metrics[this.state.axis] }
        );
    }

    open = async (cell) => {
        await this.openCustomers(cell.row, cell.column);
    };

    openUnscored(one) {
        return this.openCustomers(0, 0, one.id);
    }

    async openCustomers(recency, score, segment = false) {
        const args = [[this.props.record.resId], this.state.axis, recency, score, segment];
        const action = await this.orm.call("crm.segmentation", "action_open_grid", args);
        return this.action.doAction(action);
    }
}

registry.category("view_widgets").add("segment_rfm_grid", { component: SegmentRfmGrid });
