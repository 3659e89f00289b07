/* Actions of the add-ons that a menu opens: [external id, a record with a form or 0]. */
async (addons) => {
    const call = async (model, method, args, kwargs = {}) => {
        const answer = await fetch("/web/dataset/call_kw", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", params: { model, method, args, kwargs } }),
        });
        return (await answer.json()).result || [];
    };
    const window = "ir.actions.act_window";
    const models = [window, "ir.actions.client", "ir.actions.server"];
    const data = await call("ir.model.data", "search_read", [[["module", "in", addons], ["model", "in", models]]], {
        fields: ["complete_name", "model", "res_id"],
    });
    const menus = await call("ir.ui.menu", "search_read", [[["action", "!=", false]]], { fields: ["action"] });
    const used = new Set(menus.map((menu) => menu.action));
    const found = [];
    for (const { complete_name, model, res_id } of data.filter((one) => used.has(`${one.model},${one.res_id}`))) {
        const fields = ["res_model", "view_mode", "target"];
        const [action] = model === window ? await call(model, "read", [[res_id]], { fields }) : [{}];
        const hasForm = /,form/.test(action.view_mode || "") && action.target !== "new";
        const [record = 0] = hasForm ? await call(action.res_model, "search", [[]], { limit: 1 }) : [];
        found.push([complete_name, record]);
    }
    return found;
}
