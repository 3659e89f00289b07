"""What the processes of a test do with scenarios; see ``sessions.py``. Each takes ``env`` first."""

from odoo.fields import Command


def start_scenario(env):
    """A running scenario of one call; return its id and that of the call's type."""
    kind = env.ref("mail.mail_activity_data_call")
    scenario = env["crm.scenario"].create(
        {
            "name": "Killed", "holdout": 20, "holdout_except_ids": [Command.clear()],
            "template_ids": [
                Command.create(
                    {"summary": "Killed call", "scenario_kind": "activity", "delay_count": 0,
                     "delay_from": "after_plan_date", "responsible_type": "salesperson",
                     "activity_type_id": kind.id}
                )
            ],
        }
    )  # fmt: skip
    scenario.action_start()
    return scenario.id, kind.id


def enter_scenario(env, scenario, partners):
    """Let customers in as a trigger does; return how many were not in yet."""
    scenario = env["crm.scenario"].browse(scenario)
    return scenario._enter(env.company, scenario._partners_sql(partners), "trigger")


def scenario_batch(env):
    """One batch of the cron, without its commit; return how many runs it took."""
    return env["crm.scenario.run"]._process_batch()
