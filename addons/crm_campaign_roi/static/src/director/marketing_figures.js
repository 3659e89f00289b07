import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { formatShare } from "../return/share_field";

/** How the page writes its figures: what is unknown is never 0. */
export class MarketingFigures extends Component {
    get data() {
        return this.state.data;
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

    points(share) {
        return formatFloat(share * 100, { digits: [16, 1] });
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

    name(id) {
        return this.data.campaigns.find((one) => one.id === id)?.name || "";
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
}
