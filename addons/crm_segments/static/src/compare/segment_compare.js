import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { ask, formatCount, formatShare } from "../heatmap/figures";

/** Segments that fit side by side. */
const MOST = 4;

/** Two to four segments side by side: figures, and what each buys more than others. */
export class SegmentCompare extends Component {
    static template = "crm_segments.SegmentCompare";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ ids: [], choices: [], data: null, error: "", loading: false });
        onWillStart(() => this.start());
    }

    async start() {
        this.state.ids = [...(this.props.action.params?.segment_ids || [])];
        const [choices] = await Promise.all([
            this.orm.searchRead(
                "crm.segment",
                [["segmentation_id.active", "=", true]],
                ["name", "segmentation_id"]
            ),
            this.load(),
        ]);
        this.state.choices = choices;
    }

    load = async () => {
        if (this.state.ids.length < 2) {
            this.state.data = null;
            return;
        }
        await ask(this.orm, this.state, "crm.segment", "compare_profiles", [[...this.state.ids]]);
    };

    get chosen() {
        return this.state.ids.map((id) => this.state.choices.find((one) => one.id === id)).filter(Boolean);
    }

    /** What can be added, by segmentation; nothing once four are chosen. */
    get groups() {
        const groups = {};
        for (const one of this.state.choices) {
            if (!this.state.ids.includes(one.id)) {
                const [id, name] = one.segmentation_id;
                (groups[id] ||= { id, name, segments: [] }).segments.push(one);
            }
        }
        return Object.values(groups);
    }

    get canAdd() {
        return this.state.ids.length < MOST && this.groups.length > 0;
    }

    add(ev) {
        this.state.ids.push(Number(ev.target.value));
        return this.load();
    }

    remove(id) {
        this.state.ids = this.state.ids.filter((one) => one !== id);
        return this.load();
    }

    async openSegmentations() {
        await this.action.doAction("crm_segments.crm_segmentation_action");
    }

    async openMembers(id) {
        const action = await this.orm.call("crm.segment", "action_open_members", [[id]]);
        return this.action.doAction(action);
    }

    get nobody() {
        const [customers] = this.state.data.figures;
        return customers.values.every((one) => !one.value);
    }

    get base() {
        return _t("All customers of %s", this.state.data.base.join(", "));
    }

    /** A figure that can't be told is said to be so, never shown as 0. */
    format(kind, value) {
        if (value === null || value === undefined) {
            return _t("n/a");
        }
        switch (kind) {
            case "share":
                return formatPercentage(value, { digits: [16, 1] });
            case "money":
                return formatMonetary(value, { currencyId: this.state.data.currency_id });
            case "days":
                return _t("%s days", formatCount(value));
            default:
                return formatCount(value);
        }
    }

    /** How a figure differs from that of all customers: a sign, and words. */
    words({ verdict, factor, n }) {
        switch (verdict) {
            case "part":
                return _t("%s of all", formatShare(factor));
            case "same":
                return _t("about the same");
            case "few":
                return _t("rests on %s: too few to compare", n);
            case "more":
                return factor >= 2
                    ? _t("▲ %s times that of all", formatFloat(factor, { digits: [16, 1] }))
                    : _t("▲ %s more than all", formatShare(factor - 1));
            case "less":
                return _t("▼ %s less than all", formatShare(1 - factor));
            default:
                return _t("nothing to compare with");
        }
    }

    /** Rows of products below their category, which is named once. */
    get categories() {
        const categories = [];
        for (const product of this.state.data.products) {
            if (categories.at(-1)?.name !== product.category) {
                categories.push({ name: product.category, products: [] });
            }
            categories.at(-1).products.push(product);
        }
        return categories;
    }

    get largest() {
        const lifts = this.state.data.products.flatMap((row) => row.values.map((one) => one.lift || 0));
        return Math.max(...lifts, 1);
    }

    bar({ lift }) {
        return `width: ${(((lift || 0) / this.largest) * 100).toFixed(1)}%`;
    }

    times(value) {
        return value === null ? _t("n/a") : `${formatFloat(value, { digits: [16, 1] })} ×`;
    }

    bought(cell) {
        return {
            more: _t("▲ more often"),
            less: _t("▼ less often"),
            same: _t("no sure difference"),
            few: _t("too few to tell"),
        }[cell.verdict];
    }

    counts({ count, buyers }) {
        return _t("%(count)s of %(buyers)s", { count: formatCount(count), buyers: formatCount(buyers) });
    }

    interval({ low, high }) {
        return low === null
            ? ""
            : _t("19 times in 20 between %(low)s and %(high)s", {
                  low: this.times(low),
                  high: this.times(high),
              });
    }
}

registry.category("actions").add("crm_segments.compare", SegmentCompare);
