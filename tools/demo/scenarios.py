"""Scenarios that run: one wave of 'Win back' that is over, and what is due today.

Who got it was drawn as in the product; what the customers of the first wave bought then is
what the sample says, so the comparison with the hold-out finds what there is to find: nothing
but chance.
"""

from datetime import timedelta

from .quiet import CONTEXT

AGO, DAYS, SILENT = 75, 45, 60


def start_scenarios(env, today):
    """Start three of the shipped scenarios; nothing in a database without them."""
    if "crm.scenario" not in env:
        return
    env = env(context={**env.context, **CONTEXT})
    win_back = env.ref("crm_scenarios.scenario_win_back")
    win_back.write({"holdout": 20, "deadline_days": DAYS, "enter_existing": True})
    quotation = env.ref("crm_scenarios.scenario_quotation")
    quotation.enter_existing = True
    _try_versions(quotation)
    (win_back | quotation | env.ref("crm_scenarios.scenario_welcome")).action_start()
    _first_wave(env, win_back, today)
    runs = env["crm.scenario.run"]
    env["crm.scenario"]._collect(env.company)
    while runs._process_batch():
        pass


def _try_versions(scenario):
    """A second version, that asks a day earlier, on trial against the first."""
    first = scenario._version()
    step = scenario.template_ids[-1]
    step.delay_count = max(1, step.delay_count - 1)
    scenario.trial_version_id = first


def _first_wave(env, scenario, today):
    """Customers who had been silent 75 days ago, with what they did since then."""
    runs = env["crm.scenario.run"]
    scenario._enter(env.company, scenario._partners_sql(_silent(env, today)), "trigger")
    while runs._process_batch():
        pass
    wave = runs.search([("scenario_id", "=", scenario.id)])
    wave._end("expired")
    env.flush_all()
    env.cr.execute(
        """
        UPDATE crm_scenario_run SET date_start = date_start - %(ago)s,
               date_base = date_base - %(ago)s, date_deadline = date_deadline - %(ago)s,
               date_end = date_deadline - %(ago)s, watched_from = watched_from - INTERVAL '75 days',
               create_date = create_date - INTERVAL '75 days'
        WHERE id = ANY(%(ids)s)
        """,
        {"ago": AGO, "ids": wave.ids},
    )
    env.cr.execute(
        """
        UPDATE crm_scenario_run r SET date_goal = m.day, state = 'goal', date_end = m.day
        FROM (SELECT r.id, MIN(m.invoice_date) AS day
              FROM crm_scenario_run r JOIN account_move m ON m.move_type = 'out_invoice'
               AND m.commercial_partner_id = r.partner_id AND m.state = 'posted'
               AND m.invoice_date > r.date_start AND m.invoice_date <= r.date_deadline
              GROUP BY r.id) m
        WHERE m.id = r.id AND r.id = ANY(%s)
        """,
        [wave.ids],
    )
    env.invalidate_all()


def _silent(env, today):
    """Customers who bought before, but not in the 60 days before the first wave."""
    start = today - timedelta(AGO)
    env.cr.execute(
        """
        SELECT commercial_partner_id FROM account_move
        WHERE move_type = 'out_invoice' AND state = 'posted' AND invoice_date <= %s
        GROUP BY commercial_partner_id HAVING MAX(invoice_date) < %s
        """,
        [start, start - timedelta(SILENT)],
    )
    return [partner_id for (partner_id,) in env.cr.fetchall()]
