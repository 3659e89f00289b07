import { onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { formatFloat } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { BridgeChart } from "@crm_segments/bridge/bridge_chart";
import { gradeHelp, gradeNames } from "../return/evidence";
import { MarketingPlan } from "./marketing_plan";

/** 'Marketing return': did it pay, how sure is that, and where the next money earns more. */
export class MarketingReturn extends MarketingPlan {
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

    get isEmpty() {
        return !this.data.campaigns.length;
    }

    get grades() {
        return gradeNames();
    }

    get gradeHelp() {
        return gradeHelp();
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
