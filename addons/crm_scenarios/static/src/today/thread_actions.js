import { _t } from "@web/core/l10n/translation";
import { registerThreadAction } from "@mail/core/common/thread_actions";

/** The contact on the other side of a conversation, unless it is a colleague or unknown. */
export function customerOf(thread) {
    const partner = thread?.model === "discuss.channel" && thread.correspondent?.partner_id;
    return partner && partner.main_user_id?.share !== false ? partner.id : false;
}

registerThreadAction("crm_scenarios.brief", {
    condition: ({ owner, store, thread }) =>
        Boolean(customerOf(thread)) &&
        store.self.main_user_id?.share === false &&
        !owner.isDiscussSidebarChannelActions,
    icon: "fa fa-fw fa-address-card-o",
    name: _t("Customer Brief"),
    open: ({ store, thread }) =>
        store.env.services.action.doAction({
            type: "ir.actions.client",
            tag: "crm_scenarios.caller",
            name: _t("Customer Brief"),
            params: { partner: customerOf(thread) },
        }),
    sequence: 15,
    sequenceGroup: 20,
});
