"""Deals decided in the past year, with what was done on them: something to learn from.

What wins here is known, because it is drawn so: a meeting in the first days, and a quick first
call. Where a deal comes from makes no difference.
"""

from datetime import timedelta

from .quiet import generator

DEALS = 260
BASE, MEETING, QUICK = 0.22, 0.33, 0.25


def create_past_deals(env, pipeline, buyers):
    """Make deals of these customers, won and lost, as of the days on which they were.

    :param Pipeline pipeline: makes the opportunities
    :return: crm.lead records
    """
    choice = generator("deals")
    drawn = sorted((_draw(choice) for _deal in range(DEALS)), key=lambda one: not one["won"])
    moments = [pipeline.now - timedelta(days=one["age"]) for one in drawn]
    values = [pipeline.values(choice.choice(buyers)) for _deal in drawn]
    leads = pipeline.create(values, moments)
    won = sum(one["won"] for one in drawn)
    leads[:won].action_set_won()
    leads[won:].action_set_lost()
    for lead, one, moment in zip(leads, drawn, moments, strict=True):
        pipeline._close(lead, moment + timedelta(days=one["lasted"]))
    _call(env, leads, drawn, moments)
    _meet(env, leads, drawn, moments)
    return leads


def _draw(choice):
    """One deal: days until the first call, until a meeting, how it ended, how long it took."""
    call = choice.choice((0, 0, 0, 1, 1, 2, 5, 9, None, None, None))
    met = choice.randint(3, 12) if choice.random() < 0.45 else None
    chance = BASE + MEETING * (met is not None) + QUICK * (call is not None and call <= 1)
    return {
        "call": call,
        "met": met,
        "won": choice.random() < chance,
        "lasted": choice.randint(16, 70),
        "age": choice.randint(75, 380),
    }


def _call(env, leads, drawn, moments):
    """Calls that were made: done activities are archived ones."""
    called = [
        (lead, moment + timedelta(days=one["call"]))
        for lead, one, moment in zip(leads, drawn, moments, strict=True)
        if one["call"] is not None
    ]
    model = env["ir.model"]._get_id("crm.lead")
    kind = env.ref("mail.mail_activity_data_call")
    calls = env["mail.activity"].create(
        [
            {
                "res_model_id": model, "res_id": lead.id, "activity_type_id": kind.id,
                "summary": "First call", "date_deadline": day.date(),
                "user_id": lead.user_id.id or env.uid,
            }
            for lead, day in called
        ]
    )  # fmt: skip
    calls.write({"active": False})
    env.flush_all()
    for call, (_lead, day) in zip(calls, called, strict=True):
        env.cr.execute(
            "UPDATE mail_activity SET date_done = %s WHERE id = %s", [day.date(), call.id]
        )
    env.invalidate_all()


def _meet(env, leads, drawn, moments):
    env["calendar.event"].with_context(no_mail_to_attendees=True).create(
        [
            {
                "name": "Visit", "opportunity_id": lead.id,
                "start": moment + timedelta(days=one["met"]),
                "stop": moment + timedelta(days=one["met"], hours=1),
                "user_id": lead.user_id.id,
                "partner_ids": [(6, 0, (lead.partner_id | lead.user_id.partner_id).ids)],
            }
            for lead, one, moment in zip(leads, drawn, moments, strict=True)
            if one["met"] is not None
        ]
    )  # fmt: skip
