"""Plans programmes of many steps and measures it. Run in a database."""

import json
import sys
import time

#: phases of a programme; each step waits for the one before it in its phase and for one of
#: the phase before
PHASES = 10


def main(env, sizes):
    """Print seconds by size: made, an effort changed, the form read."""
    # once beforehand: what is loaded with the first call is nobody's
    _measure(env, PHASES)
    found = {str(size): _measure(env, size) for size in sizes}
    sys.stdout.write("\n" + json.dumps(found) + "\n")


def _measure(env, size):
    seconds = {}
    programme = env["crm.programme"].create({"name": f"{size} steps", "date_start": "2026-05-04"})
    phases = env["crm.programme.phase"].create(
        [{"programme_id": programme.id, "name": f"Phase {one}"} for one in range(PHASES)]
    )
    env.flush_all()
    with _clock(seconds, "create"):
        steps = env["crm.programme.step"].create(list(_steps(programme, phases, size)))
        _chain(steps)
        env.flush_all()
    env.invalidate_all()
    with _clock(seconds, "change"):
        steps[size // 2].effort_high += 8
        env.flush_all()
    with _clock(seconds, "start"):
        programme.action_start()
        env.flush_all()
    env.invalidate_all()
    with _clock(seconds, "open"):
        _open(programme)
    env.cr.rollback()
    env.invalidate_all()
    return seconds


def _steps(programme, phases, size):
    for number in range(size):
        yield {
            "programme_id": programme.id, "phase_id": phases[number % PHASES].id,
            "name": f"Step {number}", "effort_low": 4, "effort_likely": 8, "effort_high": 16,
            "rate": 100, "cost_ids": [(0, 0, {"name": "Thing", "unit_price": 10})],
        }  # fmt: skip


def _chain(steps):
    for place, step in enumerate(steps):
        before = [steps[place - back].id for back in (PHASES, 1) if place >= back]
        if place % PHASES == 0:
            before = before[:1]
        step.predecessor_ids = [(6, 0, before)]


def _open(programme):
    """What the form reads: its fields with the first lines of its lists, and its pictures."""
    view = programme.get_views([(False, "form")])["views"]["form"]
    names = {name: {} for name in programme._fields if f'name="{name}"' in view["arch"]}
    names["step_ids"] = {"fields": {"name": {}, "hours": {}, "date_end": {}}, "limit": 40}
    programme.web_read(names)
    programme.picture()
    programme.plan_and_actual()


class _clock:
    def __init__(self, seconds, name):
        self.seconds, self.name = seconds, name

    def __enter__(self):
        self.start = time.perf_counter()

    def __exit__(self, *_error):
        self.seconds[self.name] = time.perf_counter() - self.start
