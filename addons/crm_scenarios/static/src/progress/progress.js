import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Milliseconds between two looks at work that is under way. */
export const POLL_INTERVAL = 3000;

/** How far a computation in the background is: step n of m, until it is done; then the form is read again. */
export class Progress extends Component {
    static template = "crm_scenarios.Progress";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ progress: null, unreachable: false });
        onWillStart(() => this.follow(this.props));
        onWillUpdateProps((props) => this.follow(props));
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get progress() {
        return this.state.progress || { done: 0, total: 0 };
    }

    get percent() {
        return this.progress.total ? Math.round((100 * this.progress.done) / this.progress.total) : 0;
    }

    get text() {
        const { done, total, running, waiting, error } = this.progress;
        if (this.state.unreachable) {
            return _t("The server does not answer; the work goes on. Trying again…");
        }
        if (error) {
            return _t("The last attempt failed; what was found before still holds. %s", error);
        }
        if (waiting) {
            return _t("It begins with the next round of scheduled actions.");
        }
        return running ? _t("Step %(done)s of %(total)s done", { done, total }) : _t("Done");
    }

    follow(props) {
        clearTimeout(this.timer);
        this.state.progress = props.record.data[props.name] || null;
        this.plan();
    }

    plan() {
        if (this.progress.running && this.props.record.resId) {
            this.timer = setTimeout(() => this.look(), POLL_INTERVAL);
        }
    }

    async look() {
        const { resModel, resId } = this.props.record;
        const wasRunning = this.progress.running;
        try {
            this.state.progress = await this.orm.silent.call(resModel, "progress_now", [[resId]]);
            this.state.unreachable = false;
        } catch {
            this.state.unreachable = true;
        }
        if (wasRunning && !this.progress.running) {
            await this.props.record.load();
        } else {
            this.plan();
        }
    }
}

registry.category("fields").add("crm_progress", {
    component: Progress,
    supportedTypes: ["json"],
});
