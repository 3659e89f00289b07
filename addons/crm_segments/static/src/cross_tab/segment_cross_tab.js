import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { user } from "@web/core/user";
import { ask, formatCount, formatMoney, formatShare } from "../heatmap/figures";
import { NotRun } from "../heatmap/not_run";
import { SegmentHeatmap } from "../heatmap/segment_heatmap";

/** Rows and columns that are drawn at once; more of them on demand. */
const LARGEST = 30;
/** Cells that are put in words. */
const TOLD = 6;

/** Who is in which segment of two segmentations at once. Remembers nothing. */
export class SegmentCrossTab extends Component {
    static template = "crm_segments.SegmentCrossTab";
    static components = { Layout, NotRun, SegmentHeatmap };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            choices: [],
            first: 0,
            second: 0,
            show: "count",
            whole: false,
            data: null,
            error: "",
            loading: false,
        });
        onWillStart(() => this.start());
    }

    async start() {
        const company = user.activeCompany?.id || false;
        const domain = [
            ["enabled", "=", true],
            "|",
            ["company_id", "=", false],
            ["company_id", "parent_of", company],
        ];
        this.state.choices = await this.orm.searchRead("crm.segmentation", domain, ["name"]);
        const [first, second] = this.state.choices;
        if (first) {
            Object.assign(this.state, { first: first.id, second: (second || first).id });
            await this.load();
        }
    }

    load = () => {
        const { first, second } = this.state;
        return ask(this.orm, this.state, "crm.segmentation", "cross_tab", [[first], second]);
    };

    choose(name, ev) {
        Object.assign(this.state, { [name]: Number(ev.target.value), whole: false });
        return this.load();
    }

    swap() {
        const { first, second } = this.state;
        Object.assign(this.state, { first: second, second: first });
        return this.load();
    }

    async openSegmentations() {
        await this.action.doAction("crm_segments.crm_segmentation_action");
    }

    get sides() {
        return [this.state.data.rows, this.state.data.columns];
    }

    get hasCustomers() {
        return Boolean(this.state.data?.total.count);
    }

    /** Sides without a single member: what to do about them stands beside the table. */
    get emptySides() {
        return this.sides.filter((side) => !side.segments.some((one) => one.id && one.count));
    }

    /** Amounts are null where the user may not see them: then there is nothing to switch to. */
    get hasMoney() {
        return this.state.data.total.amount !== null;
    }

    get shows() {
        const money = this.hasMoney ? [{ key: "amount", label: _t("Revenue") }] : [];
        return [
            { key: "count", label: _t("Customers") },
            { key: "share", label: _t("Share of row") },
            { key: "index", label: _t("Index") },
            ...money,
        ];
    }

    get show() {
        return this.state.show === "amount" && !this.hasMoney ? "count" : this.state.show;
    }

    get measure() {
        return this.show === "amount" ? "amount" : "count";
    }

    /** Segments with customers; of many the largest, in their order. */
    drawn(side) {
        const used = side.segments.filter((one) => one.count);
        if (this.state.whole || used.length <= LARGEST) {
            return used;
        }
        const least = [...used].sort((a, b) => b.count - a.count)[LARGEST - 1].count;
        return used.filter((one) => one.count >= least).slice(0, LARGEST);
    }

    get hidden() {
        const used = (side) => side.segments.filter((one) => one.count).length;
        return this.sides.reduce((total, side) => total + used(side) - this.drawn(side).length, 0);
    }

    get totals() {
        const byId = (side) => Object.fromEntries(side.segments.map((one) => [one.id, one]));
        const [rows, columns] = this.sides.map(byId);
        return { rows, columns, all: this.state.data.total };
    }

    get notes() {
        const names = this.sides.filter((side) => side.overlapping).map((side) => side.name);
        const overlapping = [...new Set(names)].map((name) =>
            _t(
                "In “%s” a customer may be in several segments, and counts once in each pair: totals tell each customer once, so they may be less than the sum of the cells.",
                name
            )
        );
        if (this.state.first !== this.state.second) {
            return overlapping;
        }
        return [
            ...overlapping,
            _t("Both sides are the same segmentation: the cells tell how its segments overlap."),
        ];
    }

    /** How sure a cell's index is, in a sign and in words. */
    verdict(cell) {
        return {
            more: { sign: "▲", text: _t("more than by chance") },
            less: { sign: "▼", text: _t("fewer than by chance") },
            chance: { sign: "", text: _t("could be chance") },
            few: { sign: "?", text: _t("too few to tell") },
            only: { sign: "", text: _t("nothing to compare with") },
        }[cell.verdict] || { sign: "", text: "" };
    }

    index(cell) {
        return cell.index === null ? _t("n/a") : formatCount(cell.index);
    }

    share(cell, row) {
        const whole = row.total[this.measure];
        return whole > 0 ? Math.max(cell[this.measure] || 0, 0) / whole : 0;
    }

    text = (cell, row) => {
        switch (this.show) {
            case "share":
                return formatShare(this.share(cell, row));
            case "index":
                return `${this.index(cell)} ${this.verdict(cell).sign}`.trim();
            case "amount":
                return this.money(cell.amount);
            default:
                return formatCount(cell.count);
        }
    };

    money(value) {
        return formatMoney(value, this.state.data.currency_id);
    }

    title = (cell, row) => {
        const share = formatShare(row.total.count ? cell.count / row.total.count : null);
        const count = formatCount(cell.count);
        const parts = [_t("%(count)s customers, %(share)s of the row", { count, share })];
        if (this.hasMoney) {
            parts.push(_t("%s in 12 months", this.money(cell.amount)));
        }
        if (cell.index !== null && cell.index !== undefined) {
            parts.push(
                _t("%(expected)s expected, index %(index)s: %(verdict)s", {
                    expected: formatCount(cell.expected),
                    index: this.index(cell),
                    verdict: this.verdict(cell).text,
                })
            );
        }
        return parts.join("; ");
    };

    /** By index only what is told from chance has a colour, the stronger the further from 100. */
    shade = (cell, row) => {
        if (this.show !== "index") {
            return this.share(cell, row);
        }
        if (!["more", "less"].includes(cell.verdict)) {
            return 0;
        }
        return cell.index ? Math.min(Math.abs(Math.log2(cell.index / 100)) / 2, 1) : 1;
    };

    color = (cell) =>
        this.show === "index" && cell.verdict === "less" ? "var(--warning)" : "var(--primary)";

    /** The cells that differ most from chance, as sentences. */
    get told() {
        const named = (side) => Object.fromEntries(side.segments.map((one) => [one.id, one.name]));
        const [rows, columns] = this.sides.map(named);
        const distance = (cell) => Math.abs(cell.count - cell.expected);
        return this.state.data.cells
            .filter((cell) => ["more", "less"].includes(cell.verdict))
            .sort((a, b) => distance(b) - distance(a))
            .slice(0, TOLD)
            .map((cell) => ({
                cell,
                names: `${this.verdict(cell).sign} ${rows[cell.row]} × ${columns[cell.column]}`,
                text: _t(
                    "%(count)s customers where %(expected)s would be expected (index %(index)s)",
                    {
                        count: formatCount(cell.count),
                        expected: formatCount(cell.expected),
                        index: this.index(cell),
                    }
                ),
            }));
    }

    get caption() {
        const [rows, columns] = this.sides;
        return _t(
            "Rows: %(rows)s. Columns: %(columns)s. Members of today; a cell opens its customers.",
            { rows: rows.name, columns: columns.name }
        );
    }

    get leftOut() {
        return _t(
            "The largest segments are shown, %s smaller ones are left out; totals count all.",
            formatCount(this.hidden)
        );
    }

    get legend() {
        return _t(
            "Index: the customers of a cell against those expected if the two segmentations had nothing to do with each other (100 = as expected), among the %s customers who are in both. ▲ more and ▼ fewer than chance explains, in the whole table at most one time in twenty by accident; ? fewer than five expected.",
            formatCount(this.state.data.both)
        );
    }

    open = async (cell) => {
        const { first, second } = this.state;
        const args = [[first], second, cell.row, cell.column];
        const action = await this.orm.call("crm.segmentation", "action_open_cross_tab", args);
        return this.action.doAction(action);
    };
}

registry.category("actions").add("crm_segments.cross_tab", SegmentCrossTab);
