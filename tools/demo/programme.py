"""A roll-out half-way: planned from the shipped template, with hours and bills on its phases."""

from datetime import timedelta

from odoo import Command

from . import programme_around
from .quiet import CONTEXT, generator

WEEKS = 8
#: role → group whose use of the system is its adoption
GROUPS = {
    "user": "sales_team.group_sale_salesman", "key_user": "sales_team.group_sale_manager",
    "admin": "base.group_system",
}  # fmt: skip
#: role → (price of an hour, what an hour costs)
RATES = {
    "manager": (110, 62), "consultant": (105, 58), "developer": (98, 54), "data": (85, 45),
    "trainer": (90, 48), "admin": (80, 44), "key_user": (45, 45), "user": (38, 38),
}  # fmt: skip
COUNTS = {
    "users": 24, "roles": 5, "systems": 4, "interfaces": 3, "devices": 31, "duplicates": 60,
    "incomplete": 140,
}  # fmt: skip
PRICES = {
    "licence_users": 29, "hosting": 180, "hosting_test": 60, "backup": 45, "devices": 40,
    "legal": 2400, "extra_modules": 1900, "interface_fees": 350, "interface_upkeep": 420,
    "archive": 35, "double_run": 2600, "rooms": 1500, "joiners": 900, "weekend": 800,
    "support": 390, "upgrades": 3200, "administrator": 640,
}  # fmt: skip
STRUCK = {
    "incentive": "Commissions stay as they are, so the management decided",
    "interviews_travel": "All departments are in one building",
}
#: steps that a vendor does: advance, milestone
BOUGHT = {"i1": (0, 1), "i2": (0.3, 0.3), "i3": (0, 1), "s3": (0.3, 0.4), "p2": (0, 1)}
#: bills: (cost or step, share of its money, days before today). The interfaces cost the vendor
#: more than was thought, and half of them is built: the phase is warned of
BILLS = (
    ("double_run", 1.0, 40), ("legal", 1.08, 30), ("s3", 0.3, 16), ("s3", 0.65, 4),
    ("extra_modules", 1.0, 12), ("i1", 1.0, 24), ("i2", 0.3, 20), ("interface_fees", 1.2, 9),
    ("i2", 0.95, 3), ("devices", 0.9, 60),
)  # fmt: skip
_MODULE = "crm_scenarios.programme_crm"


def run_programme(env, buyers, suppliers, today):
    """Plan, start and half do the roll-out for one of the customers.

    :param buyers: customers, of whom the first is the client
    :param suppliers: vendors
    """
    if "crm.programme" not in env:
        return
    env = env(context={**env.context, **CONTEXT})
    for role, (rate, _cost) in RATES.items():
        group = GROUPS.get(role)
        env.ref(f"crm_scenarios.programme_role_{role}").write(
            {"rate": rate, "group_id": group and env.ref(group).id}
        )
    start = today - timedelta(weeks=WEEKS, days=today.weekday())
    launch = env["crm.programme.launch"].create(
        {
            "template_id": env.ref(_MODULE).id,
            "partner_id": buyers[0].id,
            "date_start": start,
            "user_id": env.ref("base.user_admin").id,
        }
    )
    programme = env["crm.programme"].browse(launch.action_confirm()["res_id"])
    _estimate(env, programme, suppliers)
    programme_around.build(env, programme)
    programme.action_start()
    _work(programme, today)
    _book(env, programme, suppliers, today)
    warned = programme._warn_phases(programme.company_id)
    assert warned, "a phase shows what a warning looks like"
    return programme


def _matching(env, programme, kind):
    """Name of the shipped record → the one of the programme made from it."""
    records = programme.step_ids if kind == "step" else programme.cost_ids
    by_name = {record.name: record for record in records}
    found = env["ir.model.data"].search(
        [("module", "=", "crm_scenarios"), ("name", "=like", f"programme_crm_{kind}_%")]
    )
    prefix = len(f"programme_crm_{kind}_")
    shipped = {one.name[prefix:]: env[one.model].browse(one.res_id) for one in found}
    return {name: by_name[record.name] for name, record in shipped.items()}


def _estimate(env, programme, suppliers):
    steps, costs = _matching(env, programme, "step"), _matching(env, programme, "cost")
    for item in [*steps.values(), *costs.values()]:
        if item.basis:
            item.basis_count = COUNTS[item.basis]
    for name, price in PRICES.items():
        costs[name].write({"unit_price": price, "vendor_id": suppliers[0].id})
    costs["administrator"].vendor_id = False
    costs["devices"].spread = 0.15
    for name, reason in STRUCK.items():
        costs[name].write({"struck_out": True, "struck_reason": reason})
    for name, (advance, milestone) in BOUGHT.items():
        steps[name].write(
            {"vendor_id": suppliers[1].id, "advance": advance, "milestone": milestone,
             "pay_days": 14}
        )  # fmt: skip


def _work(programme, today):
    """Steps whose planned time is over are done, a few of them late; others are begun.

    As of a week before this Monday, so that each day of the week tells the same story.
    """
    choice = generator("programme")
    until = today - timedelta(weeks=1, days=today.weekday())
    for step in programme.step_ids.sorted("planned_end"):
        if step.struck_out or not step.planned_end:
            continue
        end = step.planned_end.date() + timedelta(days=choice.choice((0, 0, 1, 3)))
        begun = step.planned_start.date()
        if end < until:
            step.write({"state": "done", "begun_on": begun, "done_on": end})
        elif begun < until:
            step.write({"state": "begun", "begun_on": begun, "progress": 0.5})
    done = programme.step_ids.filtered(lambda step: step.state == "done")
    done.activity_id.filtered("active")._action_done()
    for phase in programme.phase_ids:
        planned = phase.step_ids.filtered(lambda step: not step.struck_out)
        if planned and set(planned.mapped("state")) == {"done"}:
            phase.accepted_by_id = programme.partner_id
            phase.action_accept()
            phase.accepted_on = max(planned.mapped("done_on"))


def _book(env, programme, suppliers, today):
    """Hours of one's own people, and bills of the vendors, on the accounts of the phases."""
    choice = generator("programme hours")
    costs_of = {
        env.ref(f"crm_scenarios.programme_role_{role}"): cost for role, (_rate, cost) in
        RATES.items()
    }  # fmt: skip
    column = programme.account_id.plan_id._column_name()
    hour = env.ref("uom.product_uom_hour")
    lines = []
    for step in programme.step_ids.filtered(lambda one: one.state != "todo" and not one.vendor_id):
        hours = round(step.hours * step.progress * choice.uniform(0.8, 1.3), 1)
        if hours:
            lines.append(
                {"name": step.name, column: step.phase_id.account_id.id, "unit_amount": hours,
                 "product_uom_id": hour.id, "amount": -hours * costs_of[step.role_id],
                 "date": step.done_on or today, "user_id": env.uid}
            )  # fmt: skip
    env["account.analytic.line"].create(lines)
    steps, costs = _matching(env, programme, "step"), _matching(env, programme, "cost")
    values = []
    for name, share, days in BILLS:
        item = costs.get(name) or steps[name]
        money = item.amount if name in costs else item.work_cost
        values.append(
            {
                "move_type": "in_invoice", "partner_id": (item.vendor_id or suppliers[0]).id,
                "invoice_date": today - timedelta(days=days),
                "date": today - timedelta(days=days),
                "invoice_line_ids": [
                    Command.create(
                        {"name": item.name, "price_unit": round(money * share, 2),
                         "analytic_distribution": {str(item.phase_id.account_id.id): 100}}
                    )
                ],
            }
        )  # fmt: skip
    env["account.move"].create(values)[:-1].action_post()
