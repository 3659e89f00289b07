"""Whom an audience reaches: one draw per customer, with duplicates merged before it.

Rows come from the database, everything else happens here, so that a draw can be repeated from
what is stored. Nobody is asked twice: customers that share an address are one *unit*, of which
all contacts get the same.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from ...crm_segments.lib.experiment import assign

#: why a customer is left out, the first that holds counts
REASONS = (
    "universal", "no_contact", "unreachable", "blacklisted", "opted_out", "no_consent", "cap",
)  # fmt: skip


class Contact(NamedTuple):
    """A contact of a customer.

    :ivar bool chosen: whether the audience asks for contacts like this one
    :ivar bool reachable: whether the channel can reach it
    :ivar str refused: 'blacklisted', 'opted_out', 'no_consent' or None
    :ivar seen: sortable, the later the more recently active; '' if never
    """

    partner_id: int
    customer_id: int
    email: str | None
    chosen: bool
    reachable: bool
    refused: str | None
    seen: str


class Customer(NamedTuple):
    """A customer with what it is divided by.

    :ivar segment: what it is alike in with others, such as the id of its segment
    :ivar float revenue: of twelve months, in the company's currency
    :ivar int contacts: how often it was contacted in 30 days
    :ivar bool universal: in the group that never gets anything
    """

    id: int
    segment: object
    revenue: float
    contacts: int
    universal: bool


class Plan(NamedTuple):
    """:ivar dict units: customer → unit, of those that are drawn

    :ivar dict recipients: customer → ids of its contacts, most recently active first
    :ivar dict left_out: customer → reason, in ``REASONS``
    :ivar dict strata: unit → (segment, value tier)
    :ivar int merged: customers that share their unit with one before them
    """

    units: dict
    recipients: dict
    left_out: dict
    strata: dict
    merged: int

    @property
    def reasons(self):
        """Counter of customers by reason."""
        return Counter(self.left_out.values())


def plan(customers, contacts, most=1, cap=0):
    """Decide who is drawn and who would get it.

    :param customers: iterable of Customer
    :param contacts: iterable of Contact of these customers
    :param int most: contacts per customer at most, 0 for no limit
    :param int cap: contacts in 30 days from which on a customer is held back, 0 for no limit
    :return: Plan

    >>> one, two = Customer(1, "A", 5.0, 0, False), Customer(2, "A", 0.0, 0, False)
    >>> mail = Contact(1, 1, "x@x.example", True, True, None, "")
    >>> plan([one, two], [mail, mail._replace(partner_id=2, customer_id=2)]).units
    {1: 1, 2: 1}
    """
    customers = sorted(customers)
    by_customer = defaultdict(list)
    for contact in contacts:
        by_customer[contact.customer_id].append(contact)
    heads = merge(customers, by_customer)
    # one of the group that never gets anything takes its whole unit along
    never = {heads[one.id] for one in customers if one.universal}
    left_out, recipients, addressed = {}, {}, set()
    for one in customers:
        reason = "universal" if heads[one.id] in never else None
        chosen = by_customer[one.id]
        reason = reason or _refusal(chosen) or ("cap" if 0 < cap <= one.contacts else None)
        if reason:
            left_out[one.id] = reason
        else:
            recipients[one.id] = _recipients(chosen, most, addressed)
    units = {one.id: heads[one.id] for one in customers if one.id in recipients}
    return Plan(
        units, recipients, left_out, strata(customers, units), len(units) - len({*units.values()})
    )


def merge(customers, by_customer):
    """Customers that share an address are one unit, named by the first of them.

    :return: dict of customer → unit
    """
    head = {one.id: one.id for one in customers}

    def find(place):
        while head[place] != place:
            head[place] = head[head[place]]
            place = head[place]
        return place

    first = {}
    for one in customers:
        for contact in by_customer[one.id]:
            if contact.email:
                a, b = find(first.setdefault(contact.email, one.id)), find(one.id)
                head[max(a, b)] = min(a, b)
    return {one.id: find(one.id) for one in customers}


def _refusal(contacts):
    """Why none of the contacts can get it, None if one can."""
    chosen = [one for one in contacts if one.chosen]
    if not chosen:
        return "no_contact"
    reached = [one for one in chosen if one.reachable]
    if not reached:
        return "unreachable"
    refused = [one.refused for one in reached]
    return None if None in refused else min(refused, key=REASONS.index)


def _recipients(contacts, most, addressed):
    """Ids of those who get it; an address that somebody has already got is not written twice."""
    able = [one for one in contacts if one.chosen and one.reachable and not one.refused]
    able.sort(key=lambda one: one.partner_id)
    able.sort(key=lambda one: one.seen, reverse=True)
    found = []
    for one in able:
        if most and len(found) == most:
            break
        if not one.email or one.email not in addressed:
            addressed.add(one.email)
            found.append(one.partner_id)
    return found


def strata(customers, units):
    """Segment and value tier of each unit: nothing bought, else the third that it is in.

    :return: dict of unit → (segment, 0 to 3)
    """
    revenue, segment = Counter(), {}
    for one in customers:
        if unit := units.get(one.id):
            revenue[unit] += one.revenue
            segment.setdefault(unit, one.segment)
    bought = sorted((unit for unit in segment if revenue[unit] > 0), key=lambda u: (revenue[u], u))
    tiers = {unit: 1 + 3 * place // len(bought) for place, unit in enumerate(bought)}
    return {unit: (segment[unit], tiers.get(unit, 0)) for unit in segment}


def stratum_text(stratum):
    """A stratum as it is drawn within and stored.

    >>> stratum_text((7, 2)), stratum_text((None, 0))
    ('7/2', '/0')
    """
    segment, tier = stratum
    return f"{'' if segment is None else segment}/{tier}"


def draw(units, control_share, weights, seed):
    """Draw the arm of each unit, at random within its stratum.

    :param dict units: unit → stratum
    :param float control_share: share that is held out
    :param weights: one per treatment, such as ``[1, 1]`` for equal parts
    :param seed: text; the same gives the same draw
    :return: dict of unit → 0 for the hold-out, 1 … for the treatments

    >>> sorted(draw({7: "A", 8: "A"}, 0.5, [1], "s").values())
    [0, 1]
    """
    left, arms = dict(sorted(units.items())), {}
    shares = [control_share, *_shares(weights)]  # each of what those before it left
    for arm, share in enumerate(shares[:-1]):
        flags = assign(list(left), list(left.values()), share, f"{seed}/{arm}")
        drawn = [unit for unit, flag in zip(left, flags, strict=True) if flag]
        arms.update(dict.fromkeys(drawn, arm))
        for unit in drawn:
            del left[unit]
    # whoever is left
    return dict(sorted((arms | dict.fromkeys(left, len(weights))).items()))


def _shares(weights):
    """Share of each treatment in what those before it left."""
    return [weight / sum(weights[place:]) for place, weight in enumerate(weights)]
