import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { BridgeChart } from "@crm_segments/bridge/bridge_chart";
import { gradeHelp, gradeNames } from "../return/evidence";
import { formatShare } from "../return/share_field";

/** 'Marketing return': did it pay, how sure is that, and where the next money earns more. */
export class MarketingReturn extends Component {
    static template = "crm_campaign_roi.MarketingReturn";
    static components = { BridgeChart, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.state = useState({ data: null, error: "", loading: true, amount: null, source: null, target: null });
        onWillStart(() => {
            this.load();
        });
    }

    load = async () => {
        Object.assign(this.state, { loading: true, error: "" });
        try {
            this.state.data = await this.orm.silent.call("crm.marketing.return", "overview", this.asked);
        } catch (error) {
            this.state.error = error.data?.message || error.message || _t("The figures could not be read.");
        }
        this.state.loading = false;
    };

    setAmount(ev) {
        const amount = parseFloat(ev.target.value);
        this.state.amount = amount > 0 ? amount : null;
        this.load();
    }

    /** Amount and campaigns that the planner is asked about; those without a wish are left out. */
    get asked() {
        const { amount, source, target } = this.state;
        return source && target ? [amount, source, target] : [amount];
    }

    setCampaign(which, ev) {
        this.state[which] = parseInt(ev.target.value) || null;
        const { source, target } = this.state;
        if ((source && target) || this.data.plan.chosen) {
            this.load();
        }
    }

    get data() {
        return this.state.data;
    }

    get isEmpty() {
        return !this.data.campaigns.length;
    }

    get grades() {
        return gradeNames();
    }

    get gradeHelp() {
        return gradeHelp();
    }

    money(value) {
        if (value === null || value === undefined) {
            return _t("n/a");
        }
        return formatMonetary(value, { currencyId: this.data.currency_id, digits: [16, 0] });
    }

    percent(value) {
        return formatShare(value, { digits: [16, 0] });
    }

    count(value) {
        return formatInteger(value);
    }

    interval(values, format) {
        return _t("%(value)s (%(low)s to %(high)s)", {
            value: format(values[0]), low: format(values[1]), high: format(values[2]),
        });
    }

    percentInterval(values) {
        return values ? this.interval(values, (value) => this.percent(value)) : _t("n/a");
    }

    moneyInterval(values) {
        return values ? this.interval(values, (value) => this.money(value)) : _t("n/a");
    }

    get period() {
        const [first, last] = this.data.period.map((day) => formatDate(deserializeDate(day)));
        return _t("%(first)s to %(last)s", { first, last });
    }

    get answer() {
        const { cost, invoiced, return_margin, roi } = this.data.totals;
        if (!this.data.sees_figures) {
            return _t("%s invoiced with a campaign.", this.money(invoiced));
        }
        return _t("%(cost)s spent, %(margin)s of margin that counts: ROI %(roi)s.", {
            cost: this.money(cost), margin: this.money(return_margin), roi: this.percent(roi),
        });
    }

    get proof() {
        const { incremental, romi } = this.data.totals;
        return incremental
            ? _t("Measured by experiments: %(margin)s more margin; ROMI %(romi)s.", {
                  margin: this.moneyInterval(incremental), romi: this.percentInterval(romi),
              })
            : _t("Nothing is measured by an experiment yet: hold some customers out of the next mailing.");
    }

    /** All of marketing, against those who are never contacted. */
    get universal() {
        const { state, since, held, others, rate, margin } = this.data.universal;
        const values = {
            held: this.count(held), others: this.count(others), since: formatDate(deserializeDate(since)),
        };
        if (state === "broken") {
            return _t("Never contacted since %(since)s: %(held)s customers against %(others)s. The groups don't have the sizes that were planned: no comparison is possible.", values);
        }
        if (state === "few" || !rate) {
            return _t("Never contacted since %(since)s: %(held)s customers against %(others)s. Not enough data yet.", values);
        }
        const points = rate.map((value) => formatFloat(value * 100, { digits: [16, 1] }));
        const text = _t("All of marketing, against %(held)s customers never contacted since %(since)s: %(points)s points more who order (%(low)s to %(high)s).", {
            ...values, points: points[0], low: points[1], high: points[2],
        });
        return margin ? _t("%(text)s Margin per customer: %(margin)s more.", { text, margin: this.moneyInterval(margin) }) : text;
    }

    get coverage() {
        const { order_coverage, cost_coverage } = this.data.totals;
        return _t("%(orders)s of the ordered money has a campaign, %(cost)s of the marketing cost.", {
            orders: this.percent(order_coverage), cost: this.percent(cost_coverage),
        });
    }

    /** Attributed and unattributed beside the books, which were added up apart. */
    get tie() {
        const { attributed, unattributed, ledger, history, difference, as_of } = this.data.tie;
        const values = {
            attributed: this.money(attributed), unattributed: this.money(unattributed),
            ledger: this.money(ledger), history: this.money(history), difference: this.money(difference),
        };
        const text = history
            ? _t("Invoiced: %(attributed)s attributed + %(unattributed)s unattributed = %(ledger)s in the ledger + %(history)s of sales history", values)
            : _t("Invoiced: %(attributed)s attributed + %(unattributed)s unattributed = %(ledger)s in the ledger", values);
        if (as_of) {
            return _t("%(text)s, but for %(difference)s since the results were added up (%(moment)s).", {
                text, difference: values.difference, moment: formatDateTime(deserializeDateTime(as_of.replace("T", " "))),
            });
        }
        return difference
            ? _t("%(text)s, but for %(difference)s: run the consistency check.", { text, difference: values.difference })
            : _t("%s: they tie.", text);
    }

    name(id) {
        return this.data.campaigns.find((one) => one.id === id)?.name || "";
    }

    /** What the planner says: money moves on proof only. */
    get plan() {
        const { state, source, target, amount, effect, asked } = this.data.plan;
        switch (state) {
            case "move":
                return _t("Move %(amount)s from %(source)s to %(target)s: %(effect)s more margin.", {
                    amount: this.money(amount), source: this.name(source), target: this.name(target),
                    effect: this.moneyInterval(effect),
                });
            case "unsure":
                return source
                    ? _t("Moving %(amount)s from %(source)s to %(target)s would bring %(effect)s: not sure enough to move it.", {
                          amount: this.money(amount), source: this.name(source), target: this.name(target),
                          effect: this.moneyInterval(effect),
                      })
                    : _t("No campaign is surely better than another for the next %s.", this.money(asked));
        }
        return _t("Not enough is known to move money: it takes two campaigns that are measured by an experiment or a matched comparison and whose cost has varied.");
    }

    /** What moving it between the campaigns that were chosen would bring. */
    get chosen() {
        const { source, target, amount, effect, state } = this.data.plan.chosen;
        if (source === target) {
            return _t("Choose two campaigns.");
        }
        if (state === "unknown") {
            const unknown = this.data.campaigns.filter(
                (one) => [source, target].includes(one.id) && !one.marginal.slope
            );
            return unknown.map((one) => `${one.name}: ${this.marginal(one)}.`).join(" ");
        }
        const text = _t("Moving %(amount)s from %(source)s to %(target)s would bring %(effect)s more margin.", {
            amount: this.money(amount), source: this.name(source), target: this.name(target),
            effect: this.moneyInterval(effect),
        });
        return state === "claimed"
            ? _t("%s That rests on attribution, not on proof: no ground to move money.", text)
            : text;
    }

    get experiment() {
        const { experiment, trial } = this.data.plan;
        if (trial?.pooled) {
            return this.tooFew(trial, trial.pooled);
        }
        if (trial) {
            return _t("The cheapest way to know more: an experiment on %(campaign)s with %(customers)s customers, half of them held out. It costs about %(cost)s (%(each)s for each customer reached) and shows %(points)s points more who order.", {
                campaign: this.name(trial.id), customers: this.count(trial.needed), cost: this.money(trial.cost),
                each: formatMonetary(trial.each, { currencyId: this.data.currency_id }),
                points: this.points(trial.effect),
            });
        }
        return experiment
            ? _t("The cheapest way to know more: hold some customers out of %s, where most money rests on weak evidence.", this.name(experiment))
            : "";
    }

    points(share) {
        return formatFloat(share * 100, { digits: [16, 1] });
    }

    /** Fewer customers than an experiment needs: what they can show, and how long it takes. */
    tooFew(trial, { customers, cost, detectable, yearly, detectable_yearly, campaigns, months }) {
        const values = {
            campaign: this.name(trial.id), needed: this.count(trial.needed), points: this.points(trial.effect),
            customers: this.count(customers), cost: this.money(cost), seen: this.points(detectable || 0),
            yearly: this.count(yearly), seen_yearly: this.points(detectable_yearly || 0),
            campaigns: this.count(campaigns || 0), months: this.count(months || 0),
        };
        const text = _t("No experiment of one campaign shows %(points)s points more who order: the cheapest, on %(campaign)s, would take %(needed)s customers, and there are %(customers)s.", values);
        if (!campaigns) {
            return text;
        }
        const once = detectable
            ? _t("With all of these, half of them held out, one campaign costs about %(cost)s and shows %(seen)s points or more.", values)
            : _t("With so few, one campaign shows nothing, however large its effect.");
        const year = detectable_yearly && yearly > 1
            ? _t("Drawn anew for each of %(yearly)s campaigns of a year and read together, they show %(seen_yearly)s points.", values)
            : "";
        const all = _t("For %(points)s points it takes %(campaigns)s such campaigns: %(months)s months.", values);
        return [text, once, year, all].filter(Boolean).join(" ");
    }

    marginal(one) {
        const { state, slope, months } = one.marginal;
        switch (state) {
            case "short":
                return _t("n/a: %s months with cost", this.count(months));
            case "flat":
                return _t("n/a: not enough variation to tell");
        }
        return slope ? this.interval(slope, (value) => formatFloat(value, { digits: [16, 2] })) : _t("n/a");
    }

    benchmark(one) {
        if (one.median_segment && one.segment) {
            return _t("%(median)s (%(number)s of %(medium)s, %(segment)s)", {
                median: this.percent(one.median_roi), number: this.count(one.median_of), medium: one.medium,
                segment: one.segment,
            });
        }
        return one.median_of
            ? _t("%(median)s (%(number)s of %(medium)s)", {
                  median: this.percent(one.median_roi), number: this.count(one.median_of), medium: one.medium,
              })
            : _t("n/a");
    }

    get bars() {
        const { start, end, parts } = this.data.bridge;
        const short = (value) => formatFloat(value, { humanReadable: true, decimals: 1 });
        const bar = (key, label, value, whole) => ({
            key, label, value, whole, text: this.money(value), short: short(value),
        });
        return [
            bar("start", _t("Year before"), start, true),
            ...parts.filter((one) => one.total).map((one) => bar(one.key, one.name, one.total, false)),
            bar("end", _t("Last 12 months"), end, true),
        ];
    }

    get bridgeAge() {
        const moment = formatDateTime(deserializeDateTime(this.data.bridge.read_at));
        return _t("Documents as of %(moment)s.", { moment });
    }

    get deals() {
        const { count, money } = this.data.deals;
        return _t("%(count)s deals are late or stalled: %(money)s.", {
            count: this.count(count), money: this.money(money),
        });
    }

    openCampaign(id) {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "utm.campaign", res_id: id, views: [[false, "form"]],
        });
    }

    openSegment(id) {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "crm.segment", res_id: id, views: [[false, "form"]],
        });
    }

    openBridge() {
        return this.action.doAction("crm_segments.crm_revenue_bridge_action");
    }

    print() {
        return this.action.doAction("crm_campaign_roi.action_report_marketing_return", {
            additionalContext: { active_ids: [this.data.company_id], active_model: "res.company" },
        });
    }
}

registry.category("actions").add("crm_campaign_roi.marketing_return", MarketingReturn);
