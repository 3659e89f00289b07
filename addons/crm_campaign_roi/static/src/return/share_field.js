import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import { PercentageField, percentageField } from "@web/views/fields/percentage/percentage_field";

/** A ratio that may be unknown: n/a, where the host's percentage reads 0 %. */
export function formatShare(value, options = {}) {
    if (value === false || value === null || value === undefined) {
        return _t("n/a");
    }
    return formatPercentage(value, options);
}

export class ShareField extends PercentageField {
    get formattedValue() {
        const { data, fields } = this.props.record;
        const { name, digits } = this.props;
        return formatShare(data[name], { digits, field: fields[name] });
    }
}

registry.category("formatters").add("crm_share", formatShare);
registry.category("fields").add("crm_share", { ...percentageField, component: ShareField });
