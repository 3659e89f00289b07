import { _t } from "@web/core/l10n/translation";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { registry } from "@web/core/registry";
import { PreviewDialog } from "./preview_dialog";

const SEGMENTATION = "crm.segmentation";
/** Fields of a segmentation that decide who belongs where. */
export const DEFINITION_FIELDS = new Set([
    "domain",
    "exclusive",
    "field_id",
    "frequency_metric",
    "margin",
    "method",
    "metric",
    "minimum_stay_days",
    "monetary_metric",
    "recency_metric",
    "segment_ids",
]);
/** Fields of a segment that decide nothing. */
export const COSMETIC_FIELDS = new Set(["color", "description", "name"]);

const UPDATE = 1;

function decides(values) {
    return Object.keys(values).some((name) => !COSMETIC_FIELDS.has(name));
}

/** What the dialog asks of a segmentation with changed values; not tied to the form below it. */
function questions(orm, args, context = {}) {
    return {
        load: () => orm.call(SEGMENTATION, "preview", args, { context }),
        loadBacktest: () => orm.silent.call(SEGMENTATION, "backtest", args, { context }),
    };
}

/** Whether changed values of a segmentation can move a customer. */
export function changesDefinition(changes) {
    return Object.keys(changes).some((name) =>
        name === "segment_ids"
            ? changes[name].some(([command, , values]) => command !== UPDATE || decides(values))
            : DEFINITION_FIELDS.has(name)
    );
}

/**
 * A form that shows the preview before it saves a rule in use, and on demand.
 *
 * Subclasses say what is previewed: see {@link SegmentationFormController}.
 */
export class PreviewFormController extends FormController {
    /** Whether saving these changes can move customers. */
    changesRules() {
        return false;
    }

    /** Whether customers are divided by these rules now. */
    async isInUse() {
        return false;
    }

    /** Arguments of `crm.segmentation.preview`: ids and values. */
    previewArguments() {
        throw new Error("not implemented");
    }

    async onWillSaveRecord(record, changes) {
        if ((await super.onWillSaveRecord(...arguments)) === false) {
            return false;
        }
        if (!this.withoutPreview && this.changesRules(record, changes) && (await this.isInUse(record, changes))) {
            return this.askPreview(record, changes);
        }
    }

    /** Resolves to whether the change shall be saved. */
    askPreview(record, changes) {
        return new Promise((resolve) => {
            this.openPreview(record, changes, () => resolve(true), () => resolve(false));
        });
    }

    openPreview(record, changes, onSave, onClose) {
        const props = {
            title: _t("Preview: %s", record.data.name || _t("new segmentation")),
            ...questions(this.env.services.orm, this.previewArguments(record, changes), record.context),
            onSave,
        };
        this.dialogService.add(PreviewDialog, props, { onClose });
    }

    async beforeExecuteActionButton(clickParams) {
        if (clickParams.name !== "action_preview") {
            return super.beforeExecuteActionButton(...arguments);
        }
        const record = this.model.root;
        if (await record.checkValidity({ displayNotification: true })) {
            const changes = await record.getChanges();
            const dirty = record.isNew || Object.keys(changes).length;
            this.openPreview(record, changes, dirty ? () => this.saveSeen() : undefined);
        }
        return false;
    }

    /** Save what was just looked at. */
    async saveSeen() {
        this.withoutPreview = true;
        try {
            await this.save();
        } finally {
            this.withoutPreview = false;
        }
    }

    /** Whether leaving would save, unseen, what asks for a preview. */
    get savesUnseen() {
        const record = this.model.root;
        return record.dirty && this.changesRules(record, record._getChanges());
    }

    /** Looking at another tab saves forms; a rule is not saved without having been looked at. */
    beforeVisibilityChange() {
        if (!this.savesUnseen) {
            return super.beforeVisibilityChange();
        }
    }

    async beforeUnload(ev) {
        if (!this.savesUnseen) {
            return super.beforeUnload(ev);
        }
        ev.preventDefault();
        ev.returnValue = "Unsaved changes";
    }
}

export class SegmentationFormController extends PreviewFormController {
    changesRules(record, changes) {
        // for another company there is nothing to compare with
        return record.data.enabled && !("company_id" in changes && record.resId) && changesDefinition(changes);
    }

    async isInUse(record) {
        return record.data.enabled;
    }

    previewArguments(record, changes) {
        return [record.resId ? [record.resId] : [], changes];
    }
}

/** A segment opened on its own: the rule is part of its segmentation. */
export class SegmentFormController extends PreviewFormController {
    changesRules(record, changes) {
        return Boolean(record.data.segmentation_id) && decides(changes);
    }

    async isInUse(record) {
        const [found] = await this.orm.read(SEGMENTATION, [record.data.segmentation_id.id], ["enabled"]);
        return found.enabled;
    }

    previewArguments(record, changes) {
        const { segmentation_id, ...values } = changes;
        const command = record.resId ? [UPDATE, record.resId, values] : [0, 0, values];
        return [[record.data.segmentation_id.id], { segment_ids: [command] }];
    }
}

registry.category("views").add("crm_segmentation_form", { ...formView, Controller: SegmentationFormController });
registry.category("views").add("crm_segment_form", { ...formView, Controller: SegmentFormController });

/** From a card: what a run would do now. */
registry.category("actions").add("crm_segments.preview", (env, action) => {
    const { res_id, name } = action.params;
    env.services.dialog.add(PreviewDialog, {
        title: _t("Preview: %s", name),
        ...questions(env.services.orm, [[res_id], {}]),
    });
});
