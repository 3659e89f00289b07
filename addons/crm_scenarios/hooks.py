"""What installing starts, and what the host would leave behind when uninstalling."""

from odoo.addons.crm_segments.hooks import own_fields_elsewhere, remove_references
from odoo.tools import SQL

MODULE = "crm_scenarios"


def post_init_hook(env):
    """Learn in the background from what was sold; installing itself computes nothing."""
    env.ref("crm_scenarios.ir_cron_value")._trigger()
    env.ref("crm_scenarios.ir_cron_recommendations")._trigger()
    env.ref("crm_scenarios.ir_cron_deal_patterns")._trigger()
    env.ref("crm_scenarios.ir_cron_deal_norms")._trigger()
    env.ref("crm_scenarios.ir_cron_price_guidance")._trigger()
    env.ref("crm_scenarios.ir_cron_service_policy")._trigger()


def uninstall_hook(env):
    """Remove what people made of our models and fields, and what divides customers by them."""
    names = own_fields_elsewhere(env, MODULE).get("res.partner", set())
    _disable_segmentations(env, names)
    _remove_plans(env)
    _leave_products(env)
    # they hold on to roles that were shipped, which the host deletes before their tables
    for table in ("crm_programme_step", "crm_programme_duty", "crm_programme_training"):
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    remove_references(env, MODULE)


def _remove_plans(env):
    """Plans of scenarios are ours, with waits and e-mails that the host doesn't know.

    Activities that were made from them stay: they know no plan.
    """
    plans = env["crm.scenario"].with_context(active_test=False).search([]).plan_id
    env["crm.scenario"].with_context(active_test=False).search([]).unlink()
    plans.exists().unlink()
    # steps for a salesperson or role that the host would not know how to assign
    steps = env["mail.activity.plan.template"].search(
        [("responsible_type", "in", ("salesperson", "team", "group"))]
    )
    steps.responsible_type = "on_demand"


def _leave_products(env):
    """What quotations of programmes sold can't be deleted: it becomes a product like others."""
    data = env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", "product.product")])
    products = env["product.product"].browse(data.mapped("res_id")).exists()
    sold = env["sale.order.line"].search([("product_id", "in", products.ids)]).product_id
    for name, ids in (
        ("product.product", sold.ids), ("product.template", sold.product_tmpl_id.ids),
    ):  # fmt: skip
        env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", name), ("res_id", "in", ids)]
        ).unlink()


def _disable_segmentations(env, names):
    """Switch segmentations off that would fail without our figures; they stay to be changed.

    A choice of figure that is gone becomes the default one: a list of figures has no other way
    to name what it doesn't have.
    """
    segmentations = env["crm.segmentation"].with_context(active_test=False).search([])
    read = segmentations.filtered(lambda one: not names.isdisjoint(one._own_fields_read()))
    read.enabled = False
    for name in ("metric", "recency_metric", "frequency_metric", "monetary_metric"):
        default = env["crm.segmentation"].default_get([name])[name]
        read.filtered(lambda one: one[name] in names)[name] = default  # noqa: B023
