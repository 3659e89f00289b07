import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatSigned } from "../heatmap/figures";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;

/**
 * Does the division earn its place? The answer as a sentence, then beside no division and the
 * others, then the segments between which no difference shows.
 */
export class SegmentWorth extends Component {
    static template = "crm_segments.SegmentWorth";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, error: "", busy: false });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId) {
                return this.load(next.record.resId);
            }
        });
    }

    async load(id) {
        this.state.error = "";
        this.state.data = null;
        if (id) {
            await this.ask(async () => {
                this.state.data = await this.orm.call("crm.segmentation", "worth", [[id]]);
            });
        }
    }

    async ask(work) {
        try {
            await work();
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    }

    async judge() {
        const id = this.props.record.resId;
        Object.assign(this.state, { busy: true, error: "" });
        let later = false;
        await this.ask(async () => {
            later = await this.orm.call("crm.segmentation", "action_judge", [[id]]);
        });
        this.state.busy = false;
        if (later) {
            await this.action.doAction(later);
        } else if (!this.state.error) {
            await this.load(id);
        }
    }

    async computePast() {
        const args = [[this.props.record.resId]];
        return this.action.doAction(await this.orm.call("crm.segmentation", "action_backfill", args));
    }

    /** 'missing': judged, but there was too little of something. */
    get kind() {
        const data = this.state.data;
        if (!data || !data.date) {
            return "never";
        }
        return data.revenue ? "done" : "missing";
    }

    percent(value) {
        // -0 would be written as a loss
        const share = Math.abs(value) < 0.0005 ? 0 : value;
        return formatPercentage(share, { digits: [16, Math.abs(share) < 0.1 ? 1 : 0] });
    }

    range(found) {
        return found.low === null
            ? _t("range unknown")
            : _t("%(low)s to %(high)s", { low: this.percent(found.low), high: this.percent(found.high) });
    }

    /** The best of the others judged on the same months, if any. */
    get rival() {
        return this.state.data.others.find((row) => !row.current && row.same_months && row.revenue);
    }

    get sentence() {
        const { revenue } = this.state.data;
        const values = { share: this.percent(revenue.share), range: this.range(revenue) };
        const text =
            revenue.low > 0
                ? _t("Explains %(share)s (%(range)s) of the next 90 days' revenue on customers kept out; no division 0 %.", values)
                : _t("Explains nothing that no division would not: %(share)s (%(range)s) of the next 90 days' revenue on customers kept out.", values);
        if (!this.rival) {
            return text;
        }
        const { name, revenue: other } = this.rival;
        return `${text} ${_t("In comparison, %(name)s: %(share)s.", { name, share: this.percent(other.share) })}`;
    }

    get mixSentence() {
        const { mix, mix_missing: missing } = this.state.data;
        if (!mix) {
            return missing.length ? _t("Product mix: not enough data. %s", missing.join(" ")) : "";
        }
        const values = { share: this.percent(mix.share), range: this.range(mix) };
        return mix.low > 0
            ? _t("Of the product mix it explains %(share)s (%(range)s): so much less is uncertain about the category of a line.", values)
            : _t("Of the product mix it explains nothing: %(share)s (%(range)s).", values);
    }

    get basis() {
        const { learnt, judged, customers, buyers } = this.state.data;
        return _t(
            "Learnt from the month-ends %(learnt)s, judged on %(judged)s: %(customers)s customers, %(buyers)s of whom bought in the 90 days.",
            {
                learnt: this.days(learnt),
                judged: this.days(judged),
                customers: this.number(customers),
                buyers: this.number(buyers),
            }
        );
    }

    days(list) {
        const [first, last] = [list[0], list.at(-1)].map((day) => formatDate(DateTime.fromISO(day)));
        return first === last ? first : `${first} – ${last}`;
    }

    get judgedOn() {
        return formatDate(deserializeDateTime(this.state.data.date));
    }

    number(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    /** A share of a row of the comparison; what there is none of is not 0. */
    cell(found) {
        return found ? this.percent(found.share) : _t("n/a");
    }

    points(found) {
        return found
            ? _t("%(share)s (%(range)s)", { share: formatSigned(found.share, this.percent), range: this.range(found) })
            : "";
    }

    why(row) {
        if (row.revenue) {
            return row.same_months ? "" : _t("judged on %s", this.days(row.judged));
        }
        return row.missing.join(" ") || _t("not judged yet");
    }

    get pairTitle() {
        const { pair_count: pairs, compared } = this.state.data;
        return _t("Of %(compared)s pairs of segments %(pairs)s show no difference, neither in revenue nor in what is bought.", {
            compared: this.number(compared),
            pairs: this.number(pairs),
        });
    }

    get hasMeans() {
        return this.state.data.pairs.some((pair) => pair.means);
    }

    /** A probability of a difference as great by chance. */
    chance(value) {
        return value === null ? _t("n/a") : formatFloat(value, { digits: [16, 2] });
    }
}

registry.category("view_widgets").add("segment_worth", { component: SegmentWorth });
