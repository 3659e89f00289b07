import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/** 'Import a segmentation' in the menu above the cards. */
export class ImportSegmentation extends Component {
    static template = "crm_segments.ImportSegmentation";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
    }

    open() {
        return this.action.doAction("crm_segments.crm_segmentation_transfer_action");
    }
}

registry.category("cogMenu").add(
    "crm-segments-import",
    {
        Component: ImportSegmentation,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: ({ config, searchModel }) =>
            searchModel?.resModel === "crm.segmentation" &&
            ["kanban", "list"].includes(config.viewType) &&
            user.hasGroup("crm_segments.group_segments_manager"),
    },
    { sequence: 2 }
);
