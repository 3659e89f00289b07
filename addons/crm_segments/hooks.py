"""What installing starts, and what the host would leave behind when uninstalling."""


def post_init_hook(env):
    """Start the first run in the background; installing itself computes nothing."""
    env.ref("crm_segments.ir_cron_rebuild")._trigger()


def uninstall_hook(env):
    """Remove records of the host that name our models or fields and would break.

    The host removes what has an external id. Favourites, exports and server
    actions that people made since have none.
    """
    ours = _own_models(env)
    fields = _own_fields_on_host(env, ours)
    _remove_filters(env, ours, fields)
    env["ir.exports"].search([("resource", "in", ours)]).unlink()
    # a scheduled action holds on to its server action, so it goes first
    env["ir.cron"].with_context(active_test=False).search([("model_id.model", "in", ours)]).unlink()
    env["ir.actions.server"].search([("model_id.model", "in", ours)]).unlink()


def _own_models(env):
    """Names of the models that this module defines."""
    data = env["ir.model.data"].search(
        [("module", "=", "crm_segments"), ("model", "=", "ir.model")]
    )
    names = env["ir.model"].browse(data.mapped("res_id")).exists().mapped("model")
    return [name for name in names if name.startswith("crm.") and _is_ours(env, name)]


def _is_ours(env, name):
    return env.registry[name]._original_module == "crm_segments"


def _own_fields_on_host(env, ours):
    """Names of fields that this module adds to models of the host, by model."""
    data = env["ir.model.data"].search(
        [("module", "=", "crm_segments"), ("model", "=", "ir.model.fields")]
    )
    fields = env["ir.model.fields"].browse(data.mapped("res_id")).exists()
    by_model = {}
    for field in fields:
        if field.model not in ours:
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
