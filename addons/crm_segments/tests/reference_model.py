"""Who is in which segment, replayed day by day in plain Python: what the engine has to equal.

Written from the documentation, without the engine and without ``lib/``: :class:`World` counts
figures from raw facts, :class:`Reference` keeps the stays. Slow and simple on purpose.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta

from .sequences import RULES


@dataclass
class Stay:
    """A customer's stay in ``segment``, a pair of names (division, segment)."""

    partner: str
    segment: tuple
    start: date
    end: date | None = None
    code: str | None = None
    pin: str | None = None
    until: date | None = None


class World:
    """The facts of a day.

    :param dict partners: name → (name of the customer it belongs to, city, industry, active)
    :param list documents: (partner, day, amount, whether it is a purchase)
    :param list leads: (partner, "open", "won" or "lost")
    :param list unpaid: (partner, due day, open amount)
    """

    def __init__(self, today, partners, documents, leads, unpaid=()):
        self.today, self.partners = today, partners
        self.documents, self.leads, self.unpaid = documents, leads, unpaid
        self.figures = {
            name: self._figures(name)
            for name, (owner, _city, _industry, active) in partners.items()
            if owner == name and active
        }

    def owner(self, partner):
        """The customer that a partner belongs to; None where it is gone."""
        return self.partners.get(partner, (None,))[0]

    def _figures(self, name):
        today = self.today
        year_ago = today - relativedelta(years=1)
        docs = [one for one in self.documents if self.owner(one[0]) == name and one[1] <= today]
        bought = [day for _partner, day, _amount, is_purchase in docs if is_purchase]
        deals = Counter(state for partner, state in self.leads if self.owner(partner) == name)
        last = max(bought, default=None)
        return SimpleNamespace(
            today=today,
            city=self.partners[name][1],
            industry=self.partners[name][2],
            count=len(bought),
            first=min(bought, default=None),
            last=last,
            bought=lambda days: last is not None and last >= today - timedelta(days),
            revenue_total=sum(one[2] for one in docs),
            revenue_12m=sum(one[2] for one in docs if one[1] > year_ago),
            open=deals["open"],
            won=deals["won"],
            won_count=deals["won"],
            lost=deals["lost"],
            overdue=sum(one[2] for one in self.unpaid
                        if self.owner(one[0]) == name and one[1] < today),
        )


class Reference:
    """The stays of all customers in all divisions."""

    def __init__(self, divisions):
        self.divisions = [one for one in divisions if one.modelled]
        self.stays = []

    # The rules of staying: first that fits, everybody else, minimum stay, pins.

    def place(self, world, ranked=None):
        """Decide anew about everybody; where customers are ranked, only about ``ranked``.

        :param ranked: names of customers, None for a run of everybody
        """
        if ranked is None:
            self._release_pins(world.today)
        for division in self.divisions:
            fits = getattr(self, f"_fits_{division.method}")(division, world)
            everybody = {stay.partner for stay in self.stays} | world.figures.keys()
            for partner in everybody if ranked is None or not division.ranks else ranked:
                self._decide(division, partner, fits, world)

    def _decide(self, division, partner, fits, world):
        """One segment of an exclusive division; of others each on its own."""
        segments = division.segments
        for lane in [segments] if division.exclusive else [[one] for one in segments]:
            pinned = division.exclusive and any(s.pin == "in" for s in self.of(partner, division))
            candidates = []
            if partner in world.figures and not pinned:
                for segment in lane:
                    candidates += self._candidate(division, segment, partner, fits, world)
            _order, name, code = min(candidates, default=(None, None, None))
            for stay in self.of(partner, division):
                if stay.segment[1] in {one.name for one in lane} - {name} and not stay.pin:
                    self.end(stay, world.today)
            if name and (now := self.current(partner, (division.name, name))):
                now.code = code
            elif name:
                self.stays.append(Stay(partner, (division.name, name), world.today, code=code))

    def _candidate(self, division, segment, partner, fits, world):
        """[(order, segment, code)] if the customer may be there, else []."""
        now = self.current(partner, (division.name, segment.name))
        if now and now.pin:
            return []
        held = now and not segment.rest and now.start > world.today - timedelta(division.stay)
        others = {s.segment[1] for s in self.of(partner, division) if s.pin != "out"} - {"Rest"}
        if segment.rest:
            code = False if others and not division.exclusive else None
        else:
            code = fits(partner, segment)
        if code is False and not held:
            return []
        order = (not held, division.segments.index(segment))
        return [(order, segment.name, now.code if code is False else code)]

    # Who fits: False, or the code of the verdict (None for methods without).

    def _fits_rule(self, division, world):
        def belongs(partner, segment):
            ruled = segment.rule and RULES[segment.rule][1](world.figures[partner])
            included = any(self.member(partner, one) for one in segment.include)
            excluded = any(self.member(partner, one) for one in segment.exclude)
            return None if (ruled or included) and not excluded else False

        return belongs

    def _fits_field(self, division, world):
        return lambda partner, segment: (
            None if world.figures[partner].industry == segment.name else False
        )

    def _fits_tier(self, division, world):
        bands = self._bands(division)
        values = {name: getattr(f, division.metric) for name, f in world.figures.items()}
        return self._within(division, bands, values, lambda limit: limit * division.margin / 100)

    def _fits_abc(self, division, world):
        values = {name: getattr(f, division.metric) for name, f in world.figures.items()}
        values = {name: value for name, value in values.items() if value > 0}
        total = sum(values.values())
        shares = {
            name: Fraction(100 * sum(v for v in values.values() if v > value), total)
            for name, value in values.items()
        }
        cuts = sorted(one.threshold for one in division.segments if not one.rest)
        bands = {
            one.name: (max([0, *(c for c in cuts if c < one.threshold)]), one.threshold)
            for one in division.segments
        }
        return self._within(division, bands, shares, lambda _cut: division.margin)

    def _bands(self, division):
        """Name of the tier → its limit and the next higher one."""
        limits = [one.threshold for one in division.segments if not one.rest]
        return {
            one.name: (one.threshold, min((x for x in limits if x > one.threshold), default=None))
            for one in division.segments
        }

    def _within(self, division, bands, values, margin):
        """Fits the present band as long as the value is no more than the margin outside."""

        def inside(name, value, slack):
            low, high = bands[name]
            return value >= low - slack(low) and (high is None or value < high + slack(high))

        def belongs(partner, segment):
            if partner not in values:
                return False
            stays = [s for s in self.of(partner, division) if not s.pin and s.segment[1] != "Rest"]
            kept = [s.segment[1] for s in stays if inside(s.segment[1], values[partner], margin)]
            if kept and division.margin:
                return None if segment.name in kept else False
            return None if inside(segment.name, values[partner], lambda _low: 0) else False

        return belongs

    def _fits_rfm(self, division, world):
        buyers = {name: f for name, f in world.figures.items() if f.count}
        scored = dict.fromkeys(buyers, "")
        for axis in ("last", "count", "revenue_total"):
            values = {name: getattr(f, axis) for name, f in buyers.items()}
            flat = values and max(Counter(values.values()).values()) > Fraction(4, 5) * len(values)
            for name, value in values.items():
                place = Fraction(5 * sum(v < value for v in values.values()), len(values))
                now = self._present_score(division, name, len(scored[name]))
                slack = Fraction(division.margin) / 20
                if flat:
                    score = 3
                elif now and division.margin and now - 1 - slack <= place < now + slack:
                    score = now
                else:
                    score = 1 + int(place)
                scored[name] += str(score)
        return lambda partner, segment: (
            scored[partner]
            if partner in scored and division.grid[scored[partner]] == segment.name
            else False
        )

    def _present_score(self, division, partner, axis):
        codes = [s.code for s in self.of(partner, division) if not s.pin and s.code]
        return int(codes[0][axis]) if codes else None

    # What people and merges do.

    def pin(self, partner, segment, kind, until, today):
        """A person decides; a stay against which it is decided is history."""
        now = self.current(partner, segment)
        if now and (kind == "out") != (now.pin == "out"):
            self.end(now, today)
            now = None
        if not now:
            now = Stay(partner, segment, today)
            self.stays.append(now)
        now.pin, now.until = kind, until

    def unpin(self, stay, today):
        """What was pinned in is an ordinary stay again, what was pinned out is history."""
        stay.until = None
        if stay.pin == "out":
            self.end(stay, today)
        else:
            stay.pin = None

    def merge(self, src, dst, today):
        """One stay per segment remains, from the earliest start; pins decide, the target first."""
        both = [stay for stay in self.stays if stay.partner in (src, dst) and not stay.end]
        both.sort(key=lambda stay: (not stay.pin, stay.partner == src))
        taken = {}
        for stay in both:
            first = taken.setdefault(stay.segment, stay)
            if first is not stay and (first.pin == "out") == (stay.pin == "out"):
                first.start = min(first.start, stay.start)
                self.stays.remove(stay)
            elif first is not stay:
                self.end(stay, today)
        for division in self.divisions:
            kept = [s for s in both if taken[s.segment] is s and s.pin != "out"
                    and s.segment[0] == division.name]  # fmt: skip
            for stay in kept[1:] if division.exclusive else []:
                stay.end = today
                if stay.start >= today and not stay.pin:
                    self.stays.remove(stay)
        for stay in self.stays:
            stay.partner = dst if stay.partner == src else stay.partner

    def forget(self, partner):
        """A deleted customer."""
        self.stays = [stay for stay in self.stays if stay.partner != partner]

    def _release_pins(self, today):
        for stay in self.stays:
            if stay.pin and not stay.end and stay.until and stay.until < today:
                stay.end = stay.until + timedelta(1) if stay.pin == "out" else None
                stay.pin = stay.pin if stay.pin == "out" else None

    def end(self, stay, today):
        """End a stay; one that began today was never seen by anybody."""
        stay.end = today
        if stay.start >= today:
            self.stays.remove(stay)

    def of(self, partner, division):
        """Current stays of a customer in a division, pins too."""
        return [
            one
            for one in self.stays
            if one.partner == partner and one.segment[0] == division.name and not one.end
        ]

    def current(self, partner, segment):
        """The current stay of a customer in a segment, or None."""
        found = [one for one in self.stays
                 if one.partner == partner and one.segment == segment and not one.end]  # fmt: skip
        return found[0] if found else None

    def member(self, partner, segment):
        """Whether a customer is in a segment now."""
        stay = self.current(partner, segment)
        return stay is not None and stay.pin != "out"
