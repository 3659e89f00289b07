"""The course of a deal: its steps in order, each done, waited for, or ahead, beside its norm."""

#: may be done while an earlier step still waits: goods are often invoiced and paid in advance
EARLY = ("invoice", "payment")


def course(steps, present, waited, done, norms):
    """Every step of a deal.

    :param list steps: names of the steps in their order
    :param str present: the one that the deal waits for
    :param int waited: whole days since it does
    :param dict done: step → (days, date), of those that were completed; days that are None or
        below 0 (dates that contradict each other) are unknown
    :param dict norms: step → (days, completed deals, whether they are of the own segment)
    :return: list of dict: ``step``, ``state`` (done, now, ahead; skipped: passed without a
        record), ``date`` (ISO, of completion), ``days`` (whole; None: unknown), ``norm`` (days;
        None: no norm), ``norm_count``, ``norm_own``, ``over`` (whole days longer than the norm)
    :raises ValueError: ``present`` is none of the steps

    >>> from datetime import date
    >>> lines = course(
    ...     ["contact", "quotation", "order"], "quotation", 8,
    ...     {"contact": (2.4, date(2026, 1, 5))}, {"quotation": (7.5, 45, True)},
    ... )
    >>> [(line["state"], line["days"], line["norm"], line["over"]) for line in lines]
    [('done', 2, None, False), ('now', 8, 7.5, True), ('ahead', None, None, False)]
    """
    place = steps.index(present)
    lines = []
    for position, step in enumerate(steps):
        days, day = done.get(step, (None, None))
        state = _state(step, position - place, day)
        if state != "done":
            days, day = waited if state == "now" else None, None
        lines.append(_line(step, state, days, day, *norms.get(step, (None, 0, False))))
    return lines


def _state(step, distance, day):
    if not distance:
        return "now"
    if day and (distance < 0 or step in EARLY):
        return "done"
    return "skipped" if distance < 0 else "ahead"


def _line(step, state, days, day, norm, count, own):
    # whole days are shown, so whole days are compared
    whole = None if days is None or days < 0 else int(days + 0.5)
    return {
        "step": step,
        "state": state,
        "date": day and day.isoformat(),
        "days": whole,
        "norm": None if norm is None else round(norm, 1),
        "norm_count": count,
        "norm_own": own,
        "over": whole is not None and norm is not None and whole > norm,
    }
