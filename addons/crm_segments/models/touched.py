"""Customers and leads touched by a call are placed once, when the outermost call ends.

``web_save`` reads the record back before the transaction commits, so a
precommit hook would be too late to show the new segment on the saved form.
"""

from contextlib import contextmanager

_KEY = "crm_segments.touched"


class Touched:
    """Ids of partners touched by the running call.

    ``place``: partners whose own fields changed.
    ``figures``: partners whose documents or opportunities changed as well.
    ``names``: names of the changed fields, None if anything may have changed.
    ``leads``: ids of leads whose provisional segments may have changed.
    """

    def __init__(self):
        self.depth = 0
        self._start()

    def _start(self):
        self.place, self.figures, self.names = set(), set(), set()
        self.leads = set()

    def add(self, partner_ids, figures=False, names=None):
        """Note ids of partners (contacts or entities) to place again."""
        self.place.update(partner_ids)
        if figures:
            self.figures.update(partner_ids)
        if names is None:
            self.names = None
        elif self.names is not None:
            self.names.update(names)

    def take(self):
        """Return what was collected and start anew: place, figures, names, leads."""
        collected = self.place, self.figures, self.names, self.leads
        self._start()
        return collected


@contextmanager
def collect_touched(env):
    """Collect the customers that the block touches; place them when the outermost ends.

    Nothing happens if the block raises. The context key ``segments_defer``
    leaves the placing to the caller, who runs the segmentations afterwards.
    """
    data = env.cr.precommit.data
    touched = data.setdefault(_KEY, Touched())
    touched.depth += 1
    try:
        yield touched
    except BaseException:
        touched.depth -= 1
        if not touched.depth:
            touched.take()
        raise
    touched.depth -= 1
    if touched.depth:
        return
    place, figures, names, leads = touched.take()
    if env.context.get("segments_defer"):
        return
    if place:
        env["crm.segmentation"]._place_touched(place, figures, names)
    if leads:
        env["crm.segmentation"]._place_leads(leads)
