"""Why a customer moved between two segments: the first fact that holds names the cause.

What moves a customer is told by the two decisions, each with the values on which it
rested. The facts, in the order in which they decide:

``hand``       one of the two stays was decided by a person
``newcomer``   the customer did not exist on the first day
``rule``       moved when other rules came into force
``corrected``  documents of before the first day were recorded after it, while the
               segmentation was in use on that day already
``own``        an own figure (or other data) of the customer changed, in the direction of
               the move where customers are ranked
``time``       a figure that wears off by itself did, or a date in the rule was reached
``others``     the own figures explain nothing: the boundary shifted, as others changed

>>> cause({"own": True, "time": True})
'own'
>>> cause({})
'unknown'
"""

#: facts in the order in which they decide; each is the name of a cause
CAUSES = ("hand", "newcomer", "rule", "corrected", "own", "time", "others")
#: nothing that was kept tells
UNKNOWN = "unknown"

#: figures that fall by themselves as days pass
FALLING = ("revenue_12m", "purchase_count_12m", "contacts_30d")
#: figures that rise by themselves as days pass
RISING = ("amount_overdue",)
#: methods that rank customers against each other
RANKING = ("abc", "rfm")


def cause(facts):
    """The cause that follows from the facts.

    :param dict facts: name of fact → whether it holds; None and absent: it doesn't
    :return: one of CAUSES, or UNKNOWN
    """
    return next((name for name in CAUSES if facts.get(name)), UNKNOWN)
