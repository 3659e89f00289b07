import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Many2ManyTagsField, many2ManyTagsField } from "@web/views/fields/many2many_tags/many2many_tags_field";

/** A pin in a list: an icon that says who pinned and why. */
export class SegmentPin extends Component {
    static template = "crm_segments.SegmentPin";
    static props = { ...standardFieldProps };

    get pinned() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        return this.props.record.data.pin_text || "";
    }
}

registry.category("fields").add("segment_pin", {
    component: SegmentPin,
    supportedTypes: ["selection"],
    fieldDependencies: [{ name: "pin_text", type: "char" }],
    listViewWidth: 30,
    label: false,
});

/** Segments as tags; one that a person has pinned shows so, with the reason as tooltip. */
export class SegmentTags extends Many2ManyTagsField {
    get pins() {
        const lines = this.props.record.data.segment_timeline?.lines || [];
        const stays = lines.flatMap((line) => line.stays);
        return new Map(
            stays.filter((stay) => stay.pinned === "in" && !stay.to).map((stay) => [stay.segment_id, stay.pin_text])
        );
    }

    getTagProps(record) {
        const props = super.getTagProps(record);
        const pin = this.pins.get(record.resId);
        return pin === undefined ? props : { ...props, icon: "fa-thumb-tack", title: `${props.text}. ${pin}` };
    }
}

registry.category("fields").add("segment_tags", {
    ...many2ManyTagsField,
    component: SegmentTags,
    fieldDependencies: [{ name: "segment_timeline", type: "json" }],
});
