import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatPercentage } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Needs (rows) by candidates (columns): scores are chosen in the cells, means stand below. */
export class ChoiceTable extends Component {
    static template = "crm_scenarios.ChoiceTable";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ data: null, error: "" });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => this.load(next.record.resId));
    }

    async load(id) {
        if (!id) {
            this.state.data = null;
            return;
        }
        try {
            const data = await this.orm.call("crm.programme", "choice_table", [[id]]);
            Object.assign(this.state, { data, error: "" });
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    }

    get ready() {
        return Boolean(this.state.data?.needs.length && this.state.data.candidates.length);
    }

    cell(need, candidate) {
        const found = this.state.data.scores.find(
            (one) => one.need === need.id && one.candidate === candidate.id
        );
        return found || { score: false, note: "" };
    }

    label(need, candidate) {
        return _t("%(candidate)s: %(need)s", { candidate: candidate.name, need: need.name });
    }

    /** A must-have that rules a candidate out is marked by a sign, too. */
    failed(need, cell) {
        return need.must && cell.score !== false && Number(cell.score) <= 1;
    }

    async set(need, candidate, changed) {
        const { score, note } = { ...this.cell(need, candidate), ...changed };
        const args = [[this.props.record.resId], need.id, candidate.id, score, note];
        try {
            await this.orm.call("crm.programme", "set_score", args);
        } catch (error) {
            this.state.error = error.data?.message || error.message;
            return;
        }
        await this.load(this.props.record.resId);
        // the list of candidates shows the same means; what is being typed there stays
        if (!(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
    }

    mean(candidate) {
        return candidate.mean === null
            ? _t("not scored")
            : formatFloat(candidate.mean, { digits: [16, 2] });
    }

    place(candidate) {
        if (candidate.out) {
            return _t("out");
        }
        return candidate.place === null ? "–" : `${candidate.place}.`;
    }

    weight = (value) => formatFloat(value, { digits: [16, 1] });
    share = (value) => formatPercentage(value, { digits: [16, 0] });
}

registry.category("view_widgets").add("crm_programme_choice", { component: ChoiceTable });
