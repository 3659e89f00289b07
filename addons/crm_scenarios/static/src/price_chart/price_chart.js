import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

/** The axis reaches no further for a line than this, and has so many bins. */
const BEYOND = { low: -0.3, high: 0.7 };
const LEAST_BINS = 8;

/**
 * What is usual, where this line lies, and how often which discount wins. Each chart has its
 * numbers in a table.
 */
export class PriceChart extends Component {
    static template = "crm_scenarios.PriceChart";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, error: "" });
        onWillStart(() => {
            this.load();
        });
    }

    get params() {
        return this.props.action.params || {};
    }

    async load() {
        this.state.error = "";
        try {
            const { model, id } = this.params;
            this.state.data = await this.orm.silent.call(model, "chart", [[id]]);
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    }

    get cell() {
        return this.state.data.cell;
    }

    get curve() {
        return this.state.data.curve;
    }

    /** A line without a discount that is known has none to be shown. */
    get given() {
        const { given } = this.params;
        return typeof given === "number" ? given : null;
    }

    percent(value, digits = 1) {
        return _t("%s %", formatFloat(100 * value, { digits: [16, digits] }));
    }

    count(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    date(value) {
        return value ? formatDate(deserializeDate(value)) : _t("n/a");
    }

    // the distribution

    get summary() {
        const values = {
            low: this.percent(this.cell.stretch),
            high: this.percent(this.cell.floor),
            given: this.given === null ? "" : this.percent(this.given),
        };
        return this.given === null
            ? _t("Typical: %(low)s to %(high)s", values)
            : _t("Typical: %(low)s to %(high)s, you give %(given)s", values);
    }

    get sample() {
        return _t("%(count)s lines from %(from)s to %(to)s. Rests on: %(rests)s. Reference price: %(kind)s.", {
            count: this.count(this.cell.n),
            from: this.date(this.cell.date_from),
            to: this.date(this.cell.date_to),
            rests: this.cell.rests,
            kind: this.cell.reference_kind,
        });
    }

    get interval() {
        const { low, high } = this.cell;
        return low === null
            ? _t("Too few lines for an interval of the middle.")
            : _t("The middle of these lines lies between %(low)s and %(high)s (95 %).", {
                  low: this.percent(low),
                  high: this.percent(high),
              });
    }

    /** The bins with lines, and empty ones as far as this line and the axis' least width. */
    get bins() {
        const bins = [...this.cell.bins];
        const width = bins[0].high - bins[0].low;
        const add = (low) => ({ low, high: low + width, count: 0, open: false });
        const { low, high } = BEYOND;
        const wanted = this.given === null ? [] : [Math.min(high, Math.max(low, this.given))];
        while (!bins[0].open && wanted.some((value) => value < bins[0].low - 1e-9)) {
            bins.unshift(add(bins[0].low - width));
        }
        while (
            !bins.at(-1).open &&
            (bins.length < LEAST_BINS || wanted.some((value) => value >= bins.at(-1).high - 1e-9))
        ) {
            bins.push(add(bins.at(-1).high));
        }
        return bins;
    }

    get most() {
        return Math.max(1, ...this.cell.bins.map((bin) => bin.count));
    }

    get start() {
        return this.bins[0].low;
    }

    get end() {
        return this.bins.at(-1).high;
    }

    height(bin) {
        return `height: ${(100 * bin.count) / this.most}%`;
    }

    /** Whether the line lies in this bin; beyond the ends it lies in the outermost. */
    mine(bin) {
        if (this.given === null) {
            return false;
        }
        const inside = Math.min(Math.max(this.given, this.start), this.end - 1e-9);
        return bin.low <= inside + 1e-9 && inside + 1e-9 < bin.high;
    }

    range(bin) {
        if (bin.open) {
            return bin.low === this.start
                ? _t("below %s", this.percent(bin.high))
                : _t("from %s", this.percent(bin.low));
        }
        return _t("%(low)s to %(high)s", { low: this.percent(bin.low), high: this.percent(bin.high) });
    }

    /** Place of a discount on the axis, cut at its ends. */
    left(value) {
        const place = (value - this.start) / (this.end - this.start);
        return `left: ${100 * Math.min(1, Math.max(0, place))}%`;
    }

    get marks() {
        const { stretch, target, floor, prices } = this.cell;
        const marks = [
            { name: "stretch", label: _t("Stretch"), value: stretch },
            { name: "target", label: _t("Target"), value: target },
            { name: "floor", label: _t("Floor"), value: floor },
        ];
        if (this.given !== null) {
            marks.push({ name: "given", label: _t("This line"), value: this.given });
        }
        return marks.map((mark) => ({
            ...mark,
            price: prices?.[mark.name] ? formatMonetary(prices[mark.name], { currencyId: prices.currency_id }) : "",
        }));
    }

    get noFloor() {
        return this.cell.floor_kind === "none";
    }

    // the win curve

    /** The outermost bins reach as far as there are quotations. */
    span(bin, index) {
        if (index === 0) {
            return _t("up to %s", this.percent(bin.high));
        }
        if (index === this.curve.bins.length - 1) {
            return _t("above %s", this.percent(bin.low));
        }
        return this.range(bin);
    }

    wide(bin) {
        return `left: ${100 * bin.rate_low}%; width: ${100 * Math.max(0.005, bin.rate_high - bin.rate_low)}%`;
    }

    at(rate) {
        return `left: ${100 * rate}%`;
    }

    inBin(bin, index) {
        const above = index === 0 || this.given > bin.low;
        const below = index === this.curve.bins.length - 1 || this.given <= bin.high;
        return this.given !== null && above && below;
    }

    openList() {
        return this.action.doAction("crm_scenarios.crm_price_guidance_action");
    }
}

registry.category("actions").add("crm_scenarios.price_chart", PriceChart);
