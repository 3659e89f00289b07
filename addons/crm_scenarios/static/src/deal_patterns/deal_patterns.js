import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { formatFloat, formatPercentage } from "@web/views/fields/formatters";
import { KeepLast } from "@web/core/utils/concurrency";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";

import { marks, position, reach } from "./forest_axis";

/**
 * What won deals did that lost ones did not: a forest plot that is a table, a row per pattern.
 * Each count opens its deals.
 */
export class DealPatterns extends Component {
    static template = "crm_scenarios.DealPatterns";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.last = new KeepLast();
        this.state = useState({
            study: null,
            all: false,
            ...this.props.state?.patterns,
            data: null,
            loading: true,
            error: "",
        });
        useSetupAction({
            getLocalState: () => ({ patterns: { study: this.state.study, all: this.state.all } }),
        });
        onWillStart(() => {
            this.load();
        });
    }

    load() {
        return this.ask(() => this.orm.silent.call("crm.deal.pattern", "board", [this.state.study]));
    }

    rebuild() {
        return this.ask(async () => {
            await this.orm.silent.call("crm.deal.pattern", "action_rebuild", []);
            return this.orm.silent.call("crm.deal.pattern", "board", [this.state.study]);
        });
    }

    /** What is asked last is shown; until then what was shown before stays, dimmed. */
    async ask(question) {
        Object.assign(this.state, { loading: true, error: "" });
        try {
            const data = await this.last.add(question());
            Object.assign(this.state, { data, loading: false });
        } catch (error) {
            const message = error.data?.message || error.message;
            Object.assign(this.state, { loading: false, error: message });
        }
    }

    setStudy(ev) {
        this.state.study = Number(ev.target.value);
        return this.load();
    }

    // what is answered

    get data() {
        return this.state.data;
    }

    get study() {
        return this.data.study;
    }

    get compared() {
        return this.data.patterns.filter((row) => row.verdict !== "few");
    }

    get few() {
        return this.data.patterns.filter((row) => row.verdict === "few");
    }

    get rows() {
        return this.state.all ? this.data.patterns : this.compared;
    }

    get end() {
        return reach(this.compared);
    }

    get marks() {
        return marks(this.end).map((mark) => ({ ...mark, text: this.ratio(mark.ratio) }));
    }

    /** The answer first, and what it does not say. */
    get summary() {
        const { found, tests, deals } = this.study;
        if (!tests) {
            return _t("Not enough data: %s deals. Comparing needs 30 deals on either side.", this.number(deals));
        }
        if (!found) {
            return _t("Nothing found that could not be chance, in %s comparisons.", this.number(tests));
        }
        return _t("%(found)s patterns found in %(tests)s comparisons; one in ten of such finds is expected to be chance.", {
            found: this.number(found),
            tests: this.number(tests),
        });
    }

    get sample() {
        const { deals, won, days, date } = this.study;
        return _t("%(deals)s deals that were still undecided after %(days)s days, %(won)s of them won. Compared on %(date)s.", {
            deals: this.number(deals),
            days,
            won: this.number(won),
            date: formatDateTime(deserializeDateTime(date.replace("T", " "))),
        });
    }

    get power() {
        const ratio = this.study.detectable;
        return ratio
            ? _t("With so many deals, what half of them did is found in 80 of 100 cases if it is won %s times as often; weaker patterns may be missed.", this.ratio(ratio))
            : "";
    }

    get draftText() {
        return _t("Draft a scenario (steps: %s)", this.number(this.data.drafts));
    }

    get fewText() {
        return _t("Show what has too few deals (%s)", this.number(this.few.length));
    }

    get daysText() {
        return _t("In the first %s days", this.study.days);
    }

    number(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    ratio(value) {
        return value === null ? _t("n/a") : formatFloat(value, { digits: [16, 2] });
    }

    rate(value) {
        return formatPercentage(value, { digits: [16, 0] });
    }

    counts(row, side) {
        return _t("%(won)s of %(count)s", {
            won: this.number(row[`${side}_won`]),
            count: this.number(row[`${side}_count`]),
        });
    }

    interval(row) {
        return _t("%(low)s to %(high)s", {
            low: this.ratio(row.low),
            high: row.high === null ? "∞" : this.ratio(row.high),
        });
    }

    /** Below a hundredth the digits say no more than that. */
    chance(row) {
        return row.q < 0.01 ? _t("q < 0.01") : _t("q = %s", this.ratio(row.q));
    }

    verdict(row) {
        return {
            more: _t("Won more often"),
            less: _t("Won less often"),
            same: _t("May be chance"),
            few: _t("Not enough data"),
        }[row.verdict];
    }

    badge(row) {
        return { more: "text-bg-success", less: "text-bg-warning" }[row.verdict] || "text-bg-light border";
    }

    line(row) {
        const left = position(row.low, this.end);
        const right = row.high === null ? 100 : position(row.high, this.end);
        return `left: ${left}%; width: ${Math.max(0.5, right - left)}%`;
    }

    point(row) {
        return `left: ${position(row.ratio, this.end)}%`;
    }

    async open(row, withIt) {
        const action = await this.orm.call("crm.deal.pattern", "action_open_deals", [[row.id], withIt]);
        return this.action.doAction(action);
    }

    async draft() {
        const action = await this.orm.call("crm.deal.pattern", "action_draft_scenario", [this.study.id]);
        return this.action.doAction(action);
    }

    openList() {
        return this.action.doAction("crm_scenarios.crm_deal_pattern_action_list");
    }
}

registry.category("actions").add("crm_scenarios.deal_patterns", DealPatterns);
