"""What installing starts, and what the host would leave behind when uninstalling."""


def post_init_hook(env):
    """Start the first run in the background; installing itself computes nothing."""
    env.ref("crm_segments.ir_cron_rebuild")._trigger()


def uninstall_hook(env):
    """Remove records of the host that name our models or fields and would break."""
    remove_references(env, "crm_segments")


def remove_references(env, module):
    """Remove records that name models or fields of an add-on that is being uninstalled.

    The host removes what has an external id. Favourites, exports and server
    actions that people made since have none.

    :param str module: its name; the add-ons beside crm_segments call this too
    """
    models = _own_models(env, module)
    fields = own_fields_elsewhere(env, module)
    _remove_filters(env, models, fields)
    env["ir.exports"].search([("resource", "in", models)]).unlink()
    # a scheduled action holds on to its server action, so it goes first
    crons = env["ir.cron"].with_context(active_test=False)
    crons.search([("model_id.model", "in", models)]).unlink()
    env["ir.actions.server"].search([("model_id.model", "in", models)]).unlink()
    _forget_inherited(env, module, models)


def _forget_inherited(env, module, models):
    """External ids that modules of the host have for what our models inherit from their mixins.

    The records go with the models, in the database; the host leaves their names.
    """
    data = env["ir.model.data"]
    links = {"ir.model.fields.selection": "field_id.model", "ir.model.inherit": "model_id.model"}
    for name, link in links.items():
        records = env[name].search([(link, "in", models)])
        data.search(
            [("model", "=", name), ("res_id", "in", records.ids), ("module", "!=", module)]
        ).unlink()


def _own_models(env, module):
    """Names of the models that the module defines."""
    data = env["ir.model.data"].search([("module", "=", module), ("model", "=", "ir.model")])
    names = env["ir.model"].browse(data.mapped("res_id")).exists().mapped("model")
    return [
        name
        for name in names
        if name.startswith("crm.") and env.registry[name]._original_module == module
    ]


def own_fields_elsewhere(env, module):
    """Names of fields that the module adds to models of others, by model.

    :return: dict of str → set of str
    """
    models = _own_models(env, module)
    data = env["ir.model.data"].search([("module", "=", module), ("model", "=", "ir.model.fields")])
    fields = env["ir.model.fields"].browse(data.mapped("res_id")).exists()
    by_model = {}
    for field in fields:
        if field.model not in models:
            by_model.setdefault(field.model, set()).add(field.name)
    return by_model


def _remove_filters(env, ours, fields):
    """Favourites on our models, and those on the host's that use our fields."""
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "in", ours)]).unlink()
    for model, names in fields.items():
        for favourite in filters.search([("model_id", "=", model)]):
            text = f"{favourite.domain} {favourite.context} {favourite.sort}"
            if any(f"'{name}" in text or f'"{name}' in text for name in names):
                favourite.unlink()
