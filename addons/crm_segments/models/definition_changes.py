"""Changes of rules are gathered, so that one save makes one version."""

from contextlib import contextmanager

from .draft import draft_of
from .own_call import EVALUATING, is_marked

_KEY = "crm_segments.definition_changes"


class DefinitionChanges:
    """Ids of segmentations whose definition the running call may have changed."""

    def __init__(self):
        self.depth, self.ids = 0, set()


@contextmanager
def collect_changes(env):
    """Record a version of each segmentation in the set when the outermost block ends.

    Nothing is recorded where the block raises, inside a run, in a preview, and
    while modules are installed or removed.
    """
    changes = env.cr.precommit.data.setdefault(_KEY, DefinitionChanges())
    changes.depth += 1
    try:
        yield changes.ids
    except BaseException:
        changes.depth -= 1
        if not changes.depth:
            changes.ids.clear()
        raise
    changes.depth -= 1
    if changes.depth:
        return
    ids = sorted(changes.ids)
    changes.ids.clear()
    env["crm.segmentation"].browse(ids).exists()._record_version()


def is_recorded(env):
    """Whether changes in this context are a person's decision about the rules."""
    if draft_of(env) or is_marked(env, EVALUATING):
        return False
    # the host's own marks of installing and removing come with all rights, never from outside
    return not (env.su and {"install_mode", "_force_unlink"} & env.context.keys())
