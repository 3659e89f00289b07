"""Service policies that were decided, and hours that customers took."""

from datetime import timedelta

from .quiet import CONTEXT, generator

HOURS, RATE = 120, 45.0


def decide_policies(env, customers, today):
    """Learn what to advise, accept it for two segments, edit a third one.

    :param customers: customers who took hours
    """
    if "crm.service.policy" not in env:
        return
    env = env(context={**env.context, **CONTEXT})
    _hours(env, customers, today)
    policies = env["crm.service.policy"]._rebuild(env.company)
    of_segments = policies.filtered("segment_id").sorted("customers", reverse=True)
    of_segments[:2].action_accept()
    of_segments[:1].write({"channel": "visit", "priority": "2", "response_hours": 4})
    of_segments[2:3].write({"contact_days": 90, "channel": "email", "response_hours": 48})


def _hours(env, customers, today):
    """Analytic lines of service hours that name a customer."""
    choice = generator("service")
    plan = env["account.analytic.plan"].create({"name": "Service"})
    account = env["account.analytic.account"].create({"name": "Service hours", "plan_id": plan.id})
    env["account.analytic.line"].create(
        [
            {
                "name": choice.choice(("Complaint", "Advice by telephone", "Visit")),
                "partner_id": choice.choice(customers).id,
                "date": today - timedelta(days=choice.randint(1, 350)),
                "unit_amount": hours, "amount": -hours * RATE,
                plan._column_name(): account.id,
            }
            for hours in (choice.choice((0.25, 0.5, 1, 2)) for _line in range(HOURS))
        ]
    )  # fmt: skip
