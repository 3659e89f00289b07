import { Component, useState } from "@odoo/owl";
import { formatSigned, formatTenths } from "@crm_segments/heatmap/figures";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat, formatInteger, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const known = (interval) => Boolean(interval) && interval.every((value) => value !== null);

/** Differences with their intervals, one line each, on one scale that shows zero. */
export class IntervalChart extends Component {
    static template = "crm_campaign_roi.IntervalChart";
    static props = { rows: Array, label: String };

    get scale() {
        const limits = this.props.rows.flatMap((row) => row.interval.map(Math.abs));
        const reach = Math.max(...limits) * 1.1 || 1;
        return (value) => 50 + (value / reach) * 49;
    }

    get lines() {
        return this.props.rows.map((row, index) => ({
            ...row,
            y: 10 + index * 20,
            places: row.interval.map(this.scale),
        }));
    }

    get height() {
        return this.props.rows.length * 20;
    }
}

/** What an audience was worth against its hold-out: a sentence, the intervals, the table. */
export class CampaignLift extends Component {
    static template = "crm_campaign_roi.CampaignLift";
    static components = { IntervalChart };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ data: null, error: "" });
        useRecordObserver((record) => this.follow(record));
    }

    /** Read again whenever the record was saved or an action has changed it. */
    async follow(record) {
        const { state, reading_date } = record.data;
        const key = `${record.resId}/${state}/${reading_date}`;
        if (!record.resId || key === this.key) {
            return;
        }
        this.key = key;
        this.resId = record.resId;
        await this.load();
    }

    load = async () => {
        try {
            this.state.data = await this.orm.call("crm.campaign.audience", "lift", [[this.resId]]);
            this.state.error = "";
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    };

    get reading() {
        return this.state.data.reading;
    }

    get labels() {
        return {
            conversion: _t("Customers who ordered"),
            response: _t("Customers who responded"),
            orders: _t("Orders per customer"),
            revenue: _t("Revenue per customer"),
            margin: _t("Margin per customer"),
        };
    }

    isRate(name) {
        return name === "conversion" || name === "response";
    }

    share = (value) => formatPercentage(value, { digits: [16, 1] });
    count = (value) => formatInteger(value);

    /** A value of an outcome, as a level or as a difference. */
    value(name, value, difference = false) {
        if (value === null || value === undefined) {
            return _t("n/a");
        }
        return difference
            ? formatSigned(value, (one) => this.amount(name, one, true))
            : this.amount(name, value, false);
    }

    amount(name, value, difference) {
        if (this.isRate(name)) {
            return difference ? _t("%s points", formatTenths(value * 100)) : this.share(value);
        }
        if (name === "orders") {
            return formatFloat(value, { digits: [16, 3] });
        }
        return formatMonetary(value, { currencyId: this.state.data.currency_id });
    }

    range(name, interval) {
        if (!known(interval)) {
            return _t("n/a");
        }
        return _t("%(low)s to %(high)s", {
            low: this.value(name, interval[1], true),
            high: this.value(name, interval[2], true),
        });
    }

    lift(interval) {
        if (!interval || interval[0] === null) {
            return _t("n/a");
        }
        const part = (value) => (Number.isFinite(value) && value !== null ? this.share(value) : _t("any"));
        return _t("%(lift)s (%(low)s to %(high)s)", {
            lift: part(interval[0]), low: part(interval[1]), high: part(interval[2]),
        });
    }

    get sentence() {
        const { state, end_date } = this.state.data;
        const day = end_date ? formatDate(deserializeDate(end_date)) : "";
        switch (state) {
            case "draft":
                return _t("Drawn, and not launched yet.");
            case "waiting":
                return _t("Not enough data yet: the result is read once, on %s, when the window is over.", day);
            case "due":
                return _t("The window is over: the result is read tonight.");
            case "none":
                return _t("Nobody was held out, so nobody can tell what would have come without the campaign.");
            case "broken":
                return _t("The groups don't have the sizes that were drawn: no comparison is possible.");
        }
        return this.reading.treatments.length > 1 ? "" : this.verdict(this.reading.treatments[0]);
    }

    /** What may be said of a treatment, in a sentence. */
    verdict(one) {
        const { outcome, effect } = this.state.data;
        const found = one.outcomes[outcome];
        if (!found) {
            return _t("The outcome of the verdict is shown to those who see margins.");
        }
        const values = {
            outcome: this.labels[outcome],
            treated: this.value(outcome, found.treated),
            control: this.value(outcome, found.control),
            difference: this.value(outcome, found.difference[0], true),
            range: this.range(outcome, found.difference),
        };
        const facts = _t("%(outcome)s: %(treated)s against %(control)s in the hold-out, %(difference)s (%(range)s).", values);
        switch (one.verdict) {
            case "better":
                return _t("The campaign works. %s", facts);
            case "worse":
                return _t("The campaign does harm. %s", facts);
            case "nothing":
                return _t("No effect seen, and one of %(effect)s points would have been. %(facts)s", {
                    effect: formatTenths(effect * 100), facts,
                });
        }
        return _t("Too small to tell: an effect of %(effect)s points takes about %(needed)s customers. %(facts)s", {
            effect: formatTenths(effect * 100),
            needed: one.needed ? formatInteger(one.needed) : _t("n/a"),
            facts,
        });
    }

    /** One row per outcome of a treatment. */
    rows(one) {
        return Object.keys(this.labels)
            .filter((name) => name in one.outcomes)
            .map((name) => ({ name, label: this.labels[name], ...one.outcomes[name] }));
    }

    /** The lifts of the table on one scale; one that may be any has no place there. */
    chart(one) {
        return this.rows(one)
            .filter((row) => row.lift?.every(Number.isFinite))
            .map((row) => ({ name: row.label, interval: row.lift, text: row.lift.map((value) => this.share(value)) }));
    }

    get confidence() {
        return formatPercentage(this.reading.confidence ?? 0.95, { digits: [16, 1] });
    }

    get note() {
        const { ratio_p, correction } = this.reading;
        const chance = ratio_p === null ? _t("n/a") : this.share(ratio_p);
        const text = _t("As assigned, customers without a sale as 0. Interval of rates by Newcombe, of means by Welch. Read once, so no correction for repeated looks. Chance of group sizes as unequal as these: %s.", chance);
        return correction ? _t("%s Several treatments against one hold-out: intervals hold together (Bonferroni).", text) : text;
    }
}

registry.category("view_widgets").add("crm_campaign_lift", {
    component: CampaignLift,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "reading_date", type: "datetime" },
    ],
});
