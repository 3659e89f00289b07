"""Lines of an offer: work of a phase by role and price, in order."""


def by_role(steps):
    """Work of steps, one line a role and price of an hour.

    :param steps: iterable of (role, hours, rate, name); role: any key, or None
    :return: list of (role, hours, rate, names), in the order in which they first appear; work
        without hours is left out
    """
    lines = {}
    for role, hours, rate, name in steps:
        if hours:
            line = lines.setdefault((role, rate), [0.0, []])
            line[0] += hours
            line[1].append(name)
    return [(role, hours, rate, names) for (role, rate), (hours, names) in lines.items()]
