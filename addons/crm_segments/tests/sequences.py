"""Random histories of a few customers: what is divided how, and what happens when.

Nothing here touches the database: events are tuples of plain values, so that a failing
history can be printed, cut and played again.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta

#: companies, and persons who may be contacts of one of them or customers themselves
COMPANIES = ("Ann", "Bob", "Cid", "Dot", "Eve")
PERSONS = ("Pia", "Quo")
#: customers that an event may create
NEWCOMERS = ("New1", "New2")
CUSTOMERS = COMPANIES + PERSONS
CITIES = (False, "Rome", "Warsaw")
INDUSTRIES = (False, "Food", "Steel")

#: rule → domain as a user writes it, and the same on figures ``f`` (see reference_model.py)
RULES = {
    "winner": ("[('won_count', '>', 0)]", lambda f: f.won > 0),
    "loser": ("[('lost_count', '>', 0)]", lambda f: f.lost > 0),
    "talks": ("[('opportunity_open_count', '>', 0)]", lambda f: f.open > 0),
    "big": ("[('revenue_12m', '>=', 200)]", lambda f: f.revenue_12m >= 200),
    "huge": ("[('revenue_12m', '>=', 350)]", lambda f: f.revenue_12m >= 350),
    "late": ("[('amount_overdue', '>', 0)]", lambda f: f.overdue > 0),
    "buyer": ("[('purchase_count', '>', 0)]", lambda f: f.count > 0),
    "loyal": ("[('purchase_count', '>=', 2)]", lambda f: f.count >= 2),
    "warsaw": ("[('city', '=', 'Warsaw')]", lambda f: f.city == "Warsaw"),
    "nowhere": ("[('city', '=', False)]", lambda f: not f.city),
    "recent": ("[('last_purchase_date', '>=', 'today -30d')]", lambda f: f.bought(30)),
    "awake": ("[('last_purchase_date', '>=', 'today -90d')]", lambda f: f.bought(90)),
    "gone": (
        "[('last_purchase_date', '<', '-90d')]",
        lambda f: f.last is not None and not f.bought(90),
    ),
    "new": (
        "[('first_purchase_date', '>=',"
        " (context_today() - relativedelta(days=20)).strftime('%Y-%m-%d'))]",
        lambda f: f.first is not None and f.first >= f.today - timedelta(20),
    ),
    # read by the database only: what is usual among all customers decides
    "risk": ("[('risk_date', '<=', 'today')]", None),
    "lost": ("[('lost_date', '<=', 'today')]", None),
}


@dataclass
class Segment:
    """A segment and what it takes to be in; ``include``, ``exclude``: (division, segment)."""

    name: str
    rule: str = ""
    threshold: float = 0
    rest: bool = False
    include: tuple = ()
    exclude: tuple = ()


@dataclass
class Division:
    """A segmentation; ``modelled``: whether the reference model follows it."""

    name: str
    method: str = "rule"
    segments: list = field(default_factory=list)
    exclusive: bool = True
    stay: int = 0
    margin: float = 0
    metric: str = ""
    modelled: bool = True
    grid: dict = field(default_factory=dict)

    @property
    def plain(self):
        """Whether a rebuild from nothing gives the same."""
        return not self.stay and not self.margin

    @property
    def ranks(self):
        """Whether one customer's figures move others, who follow at the next full run."""
        return self.method in ("abc", "rfm") or self.name == "rhythm"

    def segment(self, name):
        """The segment of that name."""
        return next(one for one in self.segments if one.name == name)


def by_rules(*rules, rest=True):
    """Segments named after their rules, and one for everybody else."""
    segments = [Segment(rule.title(), rule) for rule in rules]
    return segments + ([Segment("Rest", rest=True)] if rest else [])


def by_limits(*limits):
    """Segments by threshold, and one for everybody else."""
    return [Segment(f"From {limit}", threshold=limit) for limit in limits] + [
        Segment("Rest", rest=True)
    ]


def by_values(*values):
    """Segments that the engine makes for values, and one for everybody else."""
    return [Segment(value) for value in values] + [Segment("Rest", rest=True)]


NESTED = [
    Segment("Union", include=(("states", "Big"), ("tags", "Warsaw")),
            exclude=(("states", "Winner"),)),
    Segment("Either", "loyal", include=(("levels", "From 300"),)),
    Segment("Deep", include=(("nested", "Union"),), exclude=(("tags", "Recent"),)),
    Segment("Rest", rest=True),
]  # fmt: skip

#: in the order in which they can be decided: readers last
DIVISIONS = (
    Division("states", segments=by_rules("winner", "talks", "big", "buyer")),
    Division("tags", segments=by_rules("warsaw", "big", "recent"), exclusive=False),
    Division("stages", segments=by_rules("new", "recent", "awake", "gone")),
    Division("patient", segments=by_rules("loser", "recent", "awake", "gone"), stay=20),
    Division("sticky", segments=by_rules("recent", "talks"), exclusive=False, stay=15),
    Division("money", segments=by_rules("late", "loyal")),
    Division("rhythm", segments=by_rules("lost", "risk"), modelled=False),
    Division("industry", "field", by_values("Food", "Steel"), metric="industry_id"),
    Division("levels", "tier", by_limits(300, 100), metric="revenue_12m"),
    Division("deals", "tier", by_limits(2, 1), metric="won_count"),
    Division("near", "tier", by_limits(300, 100), metric="revenue_12m", margin=20),
    Division("slow", "tier", by_limits(250, 100), metric="revenue_total", margin=10, stay=10),
    Division("pareto", "abc", by_limits(60, 85, 100), metric="revenue_total"),
    Division("soft", "abc", by_limits(60, 85, 100), metric="revenue_total", margin=10),
    Division("calm", "abc", by_limits(50, 100), metric="revenue_12m", stay=10),
    Division("rfm", "rfm"),
    Division("cells", "rfm", margin=15),
    Division("nested", segments=NESTED, exclusive=False),
)
#: event → how often
WEIGHTS = {
    "invoice": 10, "refund": 4, "days": 7, "save": 4, "move": 3, "merge": 2, "archive": 2,
    "unarchive": 1, "create": 1, "delete": 1, "lead": 3, "won": 3, "lost": 2, "reopen": 1,
    "pin": 4, "unpin": 2, "rule": 1, "limit": 1, "patience": 1,
}  # fmt: skip
PINNABLE = ("states", "tags", "patient", "sticky", "levels", "near", "pareto", "rfm", "nested")


def divisions():
    """The divisions, to be changed by the events of one history."""
    return deepcopy(DIVISIONS)


def history(random, length, kinds):
    """A list of events: tuples of the kind and plain values.

    :param dict kinds: kind of event → how often

    Events that make no sense by then, such as one of a customer that is gone, do nothing;
    so any part of a history is one as well.
    """
    names = random.choices(list(kinds), weights=list(kinds.values()), k=length)
    return [(name, *_arguments(random, name)) for name in names]


def _arguments(random, kind):
    who = random.choice(CUSTOMERS + NEWCOMERS if random.random() < 0.3 else CUSTOMERS)
    if kind in ("invoice", "refund"):
        days = random.choice((0, 0, 1, 5, 29, 30, 31, 89, 90, 91, 364, 365, 366, -3))
        return who, random.choice((20, 50, 80, 100, 120, 200, 300)), days
    if kind == "save":
        name, values = random.choice((("city", CITIES), ("industry_id", INDUSTRIES)))
        return who, name, random.choice(values)
    if kind == "move":
        return random.choice(PERSONS), random.choice((False, *COMPANIES))
    if kind == "merge":
        return tuple(random.sample(CUSTOMERS, 2))
    if kind == "create":
        return random.choice(NEWCOMERS), random.choice(CITIES), random.choice(INDUSTRIES)
    if kind == "days":
        return (random.choice((1, 1, 5, 10, 10, 15, 20, 20, 30, 60)),)
    return _choices_of_definitions(random, kind, who)


def _choices_of_definitions(random, kind, who):
    if kind in ("pin", "unpin"):
        name = random.choice(PINNABLE)
        segments = next(one.segments for one in DIVISIONS if one.name == name)
        segment = random.choice(segments).name if segments else "Loyal"
        if kind == "unpin":
            return who, name
        return who, name, segment, random.choice(("in", "out")), random.choice((None, None, 0, 7))
    if kind == "rule":
        name = random.choice(("states", "tags", "patient", "sticky"))
        own = next(one for one in DIVISIONS if one.name == name).segments[:-1]
        known = [rule for rule, (_text, test) in RULES.items() if test]
        return name, random.choice(own).name, random.choice(known)
    if kind == "limit":
        name = random.choice(("levels", "near", "slow"))
        return name, "From 100", random.choice((50, 120, 150))
    if kind == "patience":
        return random.choice((("patient", "stay", 0), ("patient", "stay", 60),
                              ("sticky", "stay", 30), ("near", "margin", 0),
                              ("slow", "margin", 50), ("soft", "margin", 0)))  # fmt: skip
    return (who,)
