import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { MarketingFigures } from "./marketing_figures";

/** What the planner of the page says, and which experiment would tell more. */
export class MarketingPlan extends MarketingFigures {
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
}
