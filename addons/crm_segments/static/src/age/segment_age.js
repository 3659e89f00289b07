import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatDateTime } from "@web/core/l10n/dates";

/** How long ago something happened, in words; the exact time as a tooltip. */
export class SegmentAge extends Component {
    static template = "crm_segments.SegmentAge";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get age() {
        return this.value ? this.value.toRelative() : "";
    }

    get exact() {
        return this.value ? formatDateTime(this.value) : "";
    }
}

export const segmentAge = { component: SegmentAge, supportedTypes: ["datetime"] };

registry.category("fields").add("segment_age", segmentAge);
