"""What stands around the plan of a programme: audit, systems, choice, goals, people."""

from datetime import timedelta

#: name, kind, quantity, users, what becomes of it
SYSTEMS = (
    ("Spreadsheets of the salespeople", "software", 1, 9, "replace"),
    ("Warehouse system", "software", 1, 14, "connect"),
    ("Telephone exchange", "service", 1, 20, "connect"),
    ("Notebooks", "hardware", 12, 12, "keep"),
    ("Label printers", "hardware", 3, 4, "retire"),
)
#: what flows, from, to (None: this system), direction, how often
INTERFACES = (
    ("Stock and deliveries", "Warehouse system", None, "both", "hour"),
    ("Calls that were received", "Telephone exchange", None, "one", "event"),
    ("Customers and contacts, once", "Spreadsheets of the salespeople", None, "one", "hand"),
)
#: name, weight, must-have
NEEDS = (
    ("Offers from the product list", 3, True),
    ("Calls are logged by themselves", 2, False),
    ("Works on the telephone", 2, True),
    ("Stock is seen while selling", 1, False),
)
#: name, price once, price a year, scores in the order of the needs (None: not scored)
CANDIDATES = (
    ("Odoo Community, own server", 0, 1800, ("5", "3", "4", "5")),
    ("Hosted CRM", 500, 6200, ("3", "5", "5", None)),
    ("Present system, next version", 4000, 2400, ("4", "2", "1", "3")),
)
#: figure, target, worth a year, why
GOALS = (
    ("win_rate", 55.0, 18000, "6 more deals of 3,000"),
    ("industry_share", 99.0, 4000, "Campaigns reach only those they are for"),
    ("contact_days", 3.0, 6000, "2 deals fewer go elsewhere"),
    ("repeat_share", 80.0, 9000, "A second order needs no advertising"),
)
#: topic, hours, days after the start
TRAININGS = (
    ("Opportunities and offers", 4, 20), ("“Today” and the telephone", 2, 25),
)  # fmt: skip
#: department, duty, before, after
DUTIES = (
    ("Sales", "Enters new customers", "Whoever has time, into a list of their own",
     "The salesperson, with industry and country, on the day"),
    ("Service", "Takes complaints", "By e-mail to everybody", "As an activity of one person"),
    ("Management", "Approves discounts", "On the telephone", "On the quotation, above the limit"),
)  # fmt: skip


def build(env, programme):
    """Fill what is around a programme, before it is started.

    :param programme: crm.programme record in draft
    """
    part = {"programme_id": programme.id}
    vendors = env["res.partner"].search(
        [("supplier_rank", ">", 0), ("is_company", "=", True)], limit=3
    )
    systems = _systems(env, part, vendors)
    env["crm.programme.interface"].create(
        [
            {**part, "name": name, "source_id": systems[source].id,
             "target_id": target and systems[target].id, "direction": direction,
             "frequency": often, "user_id": programme.user_id.id}
            for name, source, target, direction, often in INTERFACES
        ]
    )  # fmt: skip
    _choice(env, part, vendors)
    env["crm.programme.goal"].create(
        [
            {**part, "kpi": kpi, "target": target, "worth": worth, "assumption": why,
             "date_review": programme.date_start + timedelta(days=180)}
            for kpi, target, worth, why in GOALS
        ]
    )  # fmt: skip
    _people(env, programme, part)
    programme.action_audit()


def _systems(env, part, vendors):
    """Name → system; what is software has a vendor each."""
    systems = {}
    for place, (name, kind, quantity, users, fate) in enumerate(SYSTEMS):
        vendor = vendors[place % len(vendors)] if vendors and kind != "hardware" else vendors[:0]
        systems[name] = env["crm.programme.system"].create(
            {**part, "name": name, "kind": kind, "quantity": quantity, "users_count": users,
             "fate": fate, "vendor_id": vendor.id}
        )  # fmt: skip
    return systems


def _choice(env, part, vendors):
    """The first candidate is the best and is chosen; the last one is out."""
    needs = env["crm.programme.need"].create(
        [{**part, "name": name, "weight": weight, "must_have": must}
         for name, weight, must in NEEDS]
    )  # fmt: skip
    candidates = env["crm.programme.candidate"]
    for name, once, year, scores in CANDIDATES:
        candidate = candidates.create(
            {**part, "name": name, "price_once": once, "price_year": year,
             "vendor_id": vendors[len(candidates):len(candidates) + 1].id}
        )  # fmt: skip
        env["crm.programme.score"].create(
            [
                {"need_id": need.id, "candidate_id": candidate.id, "score": score}
                for need, score in zip(needs, scores, strict=True)
                if score
            ]
        )
        candidates |= candidate
    candidates[0].action_choose()


def _people(env, programme, part):
    """Trainings of the first role that has users, with invitations; duties."""
    role = programme.step_ids.role_id.filtered("group_id")[:1]
    trainings = env["crm.programme.training"].create(
        [
            {**part, "name": name, "hours": hours, "role_id": role.id,
             "date": f"{programme.date_start + timedelta(days=days)} 09:00:00"}
            for name, hours, days in TRAININGS
        ]
    )  # fmt: skip
    if role._users(programme.company_id):
        for training in trainings:
            training.action_invite()
    env["crm.programme.duty"].create(
        [
            {**part, "department": department, "duty": duty, "before": before, "after": after,
             "date_from": programme.date_start + timedelta(days=60)}
            for department, duty, before, after in DUTIES
        ]
    )  # fmt: skip
