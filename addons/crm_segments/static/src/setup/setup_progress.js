import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Milliseconds between two looks at a run that is under way. */
export const POLL_INTERVAL = 3000;

/** How far the first run is: n of m segmentations, until all are done. */
export class SetupProgress extends Component {
    static template = "crm_segments.SetupProgress";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ progress: null, unreachable: false });
        onWillStart(() => this.follow(this.props));
        onWillUpdateProps((props) => this.follow(props));
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get progress() {
        return this.state.progress || { total: 0, done: 0, failed: 0 };
    }

    get percent() {
        return this.progress.total ? Math.round((100 * this.progress.done) / this.progress.total) : 0;
    }

    get text() {
        const { done, total, running, waiting } = this.progress;
        if (this.state.unreachable) {
            return _t("The server does not answer; the run goes on. Trying again…");
        }
        if (!total) {
            return _t("No segmentation is switched on.");
        }
        if (waiting) {
            return _t("The first run begins with the next round of scheduled actions; the figures come first.");
        }
        return running
            ? _t("%(done)s of %(total)s segmentations done", { done, total })
            : _t("Done: %(total)s segmentations", { total });
    }

    follow(props) {
        clearTimeout(this.timer);
        this.state.progress = props.record.data[props.name] || null;
        this.plan();
    }

    plan() {
        if (this.state.progress?.running && this.props.record.resId) {
            this.timer = setTimeout(() => this.look(), POLL_INTERVAL);
        }
    }

    async look() {
        const { resModel, resId } = this.props.record;
        try {
            this.state.progress = await this.orm.silent.call(resModel, "progress", [[resId]]);
            this.state.unreachable = false;
        } catch {
            this.state.unreachable = true;
        }
        this.plan();
    }

    openSegments() {
        this.action.doAction("crm_segments.crm_segmentation_action");
    }
}

registry.category("fields").add("segment_setup_progress", {
    component: SetupProgress,
    supportedTypes: ["json"],
});
