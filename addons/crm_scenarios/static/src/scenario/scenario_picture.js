import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { formatPoints, formatSigned, formatTenths } from "@crm_segments/heatmap/figures";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatInteger, formatPercentage } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { IntervalPlot } from "./scenario_result";

/** How far customers came and how their runs ended: a table whose bars are the funnel. */
export class ScenarioPicture extends Component {
    static template = "crm_scenarios.ScenarioPicture";
    static components = { IntervalPlot };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ versions: null, pairs: [], number: null, error: "" });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => this.load(next.record.resId));
    }

    async load(id) {
        if (!id) {
            return;
        }
        try {
            const [versions, pairs] = await Promise.all([
                this.orm.call("crm.scenario", "picture", [[id]]),
                this.orm.call("crm.scenario", "compare_versions", [[id]]),
            ]);
            Object.assign(this.state, { versions, pairs, error: "" });
            this.state.number = versions[0]?.number ?? null;
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    }

    choose(ev) {
        this.state.number = Number(ev.target.value);
    }

    get version() {
        return this.state.versions.find((one) => one.number === this.state.number);
    }

    count = (value) => formatInteger(value);

    share(value) {
        return this.version.entered ? value / this.version.entered : 0;
    }

    shareText(value) {
        return this.version.entered ? formatPercentage(this.share(value)) : _t("n/a");
    }

    day(value) {
        return formatDate(deserializeDate(value));
    }

    pairText(pair) {
        const [earlier, later] = pair.numbers;
        if (pair.state === "apart") {
            return _t("Versions %(earlier)s and %(later)s never took customers in at the same time: no comparison. “Try Against”, under Versions, draws half of those who enter.", { earlier, later });
        }
        const [one, two] = pair.customers.map(this.count);
        const values = { earlier, later, from: this.day(pair.from), to: this.day(pair.to), one, two };
        switch (pair.state) {
            case "none":
            case "few":
                return _t("Versions %(earlier)s and %(later)s, drawn from %(from)s to %(to)s: not enough data, %(one)s and %(two)s customers whose time is over.", values);
            case "broken":
                return _t("Versions %(earlier)s and %(later)s, drawn from %(from)s to %(to)s: the groups of %(one)s and %(two)s customers don't have the sizes that were drawn, no comparison is possible.", values);
        }
        const points = (value) => formatSigned(value * 100, formatTenths);
        const [difference, low, high] = pair.rate.map(points);
        const answer = _t("Versions %(earlier)s and %(later)s, drawn from %(from)s to %(to)s: %(difference)s points of goal rate, %(low)s to %(high)s, of %(one)s and %(two)s customers.", { ...values, difference, low, high });
        return `${answer} ${this.pairVerdict(pair)}`;
    }

    pairVerdict(pair) {
        const [earlier, later] = pair.numbers;
        switch (pair.state) {
            case "better":
                return _t("Version %s is better.", later);
            case "worse":
                return _t("Version %s is better.", earlier);
            default:
                return _t("No sure difference: needs about %s more customers.", this.count(pair.needed));
        }
    }

    points = formatPoints;

    pairLabel(pair) {
        const [earlier, later] = pair.numbers;
        return _t("Goal rate, version %(later)s minus version %(earlier)s", { earlier, later });
    }
}

registry.category("view_widgets").add("crm_scenario_picture", { component: ScenarioPicture });
