"""Marks in a context that only our own code can set.

Objects on purpose: no protocol carries one, so nobody puts it into a context from outside.
"""


class OwnCall:
    """Marks a context as made by the add-on itself."""


#: segments are written along with their segmentation, which sees to checks and versions
IN_PARENT = {"segments_in_parent": OwnCall()}
#: rules are evaluated: what is written meanwhile is nobody's decision
EVALUATING = {"segments_evaluating": OwnCall()}

#: a report is read from the documents, whatever was kept of it at night
READ_NOW = {"segments_read_now": OwnCall()}


def is_marked(env, mark):
    """Whether the environment's context carries the mark.

    :param dict mark: one of those above
    """
    [name] = mark
    return isinstance(env.context.get(name), OwnCall)
