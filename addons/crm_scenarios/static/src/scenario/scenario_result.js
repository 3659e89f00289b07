import { Component, useState } from "@odoo/owl";
import { formatPoints, formatSigned, formatTenths } from "@crm_segments/heatmap/figures";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatMonetary, formatPercentage, formatInteger } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const share = (value) => formatPercentage(value, { digits: [16, 1] });

/** A difference with its interval: a line with a dot over a scale that shows zero. */
export class IntervalPlot extends Component {
    static template = "crm_scenarios.IntervalPlot";
    static props = { interval: Array, format: Function, label: String };

    /** From the outermost of the limits and zero, with some room. */
    get scale() {
        const [, low, high] = this.props.interval;
        const reach = Math.max(Math.abs(low), Math.abs(high)) * 1.15 || 1;
        return (value) => 50 + (value / reach) * 48;
    }

    get places() {
        const [difference, low, high] = this.props.interval.map(this.scale);
        return { difference, low, high, zero: this.scale(0) };
    }

    get texts() {
        return this.props.interval.map((value) => this.props.format(value));
    }

    get title() {
        const [difference, low, high] = this.texts;
        return _t("%(label)s: %(difference)s, 19 times in 20 between %(low)s and %(high)s", {
            label: this.props.label, difference, low, high,
        });
    }
}

/** What a scenario is worth against its hold-out: a sentence, the intervals, the table behind. */
export class ScenarioResult extends Component {
    static template = "crm_scenarios.ScenarioResult";
    static components = { IntervalPlot };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ data: null, error: "", number: null });
        useRecordObserver((record) => this.follow(record));
    }

    /** Read again once a changed form is saved. */
    async follow(record) {
        const saved = !record.dirty && (this.wasDirty || record.resId !== this.resId);
        this.wasDirty = record.dirty;
        if (!saved || !record.resId) {
            return;
        }
        this.resId = record.resId;
        await this.load();
    }

    load = async () => {
        try {
            this.state.data = await this.orm.call("crm.scenario", "result", [[this.resId]]);
            this.state.error = "";
            this.state.number ??= this.state.data.versions[0]?.number ?? null;
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    };

    choose(ev) {
        this.state.number = Number(ev.target.value);
    }

    get version() {
        return this.state.data.versions.find((one) => one.number === this.state.number);
    }

    points = formatPoints;
    amount = (value) => formatMonetary(value, { currencyId: this.state.data.currency_id });
    money = (value) => formatSigned(value, this.amount);
    count = (value) => formatInteger(value);
    share = share;

    get sentence() {
        const { version } = this;
        const { treated, control } = version.arms;
        switch (version.state) {
            case "none":
                return version.holdout
                    ? _t("Not enough data yet: nobody's time is over in both groups. %s are still in it.", version.open)
                    : _t("Nothing is held out, so nothing can be said about what it is worth.");
            case "broken":
                return _t("The groups don't have the sizes that were drawn: no comparison is possible.");
            case "few":
                return _t("Not enough data yet: needs about %s more customers.", formatInteger(version.needed));
        }
        const [difference, low, high] = version.rate;
        const values = {
            treated: share(treated.rate), control: share(control.rate),
            difference: this.points(difference),
            low: formatTenths(low * 100), high: formatTenths(high * 100),
        };
        const answer = _t("%(treated)s against %(control)s: %(difference)s, %(low)s to %(high)s.", values);
        switch (version.state) {
            case "better":
                return _t("%s The scenario works.", answer);
            case "worse":
                return _t("%s Without the scenario more customers reached the goal.", answer);
            default:
                return _t("%(answer)s No sure difference: needs about %(more)s more customers.", {
                    answer, more: formatInteger(version.needed),
                });
        }
    }

    get advice() {
        const { advice, holdout } = this.state.data;
        const rate = share(advice.rate);
        const values = { expected: formatInteger(advice.expected), needed: formatInteger(advice.needed), rate };
        if (advice.enough) {
            return holdout
                ? ""
                : _t("About %(expected)s customers are to come in half a year; %(needed)s are enough to see half as much again of a goal rate of %(rate)s. A hold-out of a fifth would tell what the scenario is worth.", values);
        }
        return _t("No hold-out is recommended: about %(expected)s customers are to come in half a year, and about %(needed)s would be needed to see half as much again of a goal rate of %(rate)s.", values);
    }

    get period() {
        const { version } = this;
        return version.from
            ? _t("Entered from %(from)s to %(to)s; %(open)s are still in it.", {
                  from: formatDate(deserializeDate(version.from)),
                  to: formatDate(deserializeDate(version.to)),
                  open: formatInteger(version.open),
              })
            : _t("Nobody has entered yet.");
    }

    get labels() {
        return { rate: _t("Goal rate, difference"), money: _t("Sales per customer, difference") };
    }

    get rows() {
        const { treated, control } = this.version.arms;
        return [
            { key: "treated", name: _t("Got it"), ...treated },
            { key: "control", name: _t("Held out"), ...control },
        ];
    }
}

registry.category("view_widgets").add("crm_scenario_result", { component: ScenarioResult });
