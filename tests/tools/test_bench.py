"""Goals of benchmarks."""

import json
import subprocess
from types import SimpleNamespace

import pytest

from tools import host, odoo
from tools.commands import bench
from tools.console import Failure


def row(work, ratio, goal):
    return {"work": work, "ours": ratio, "floor": 1, "ratio": ratio, "goal": goal}


@pytest.fixture
def run(monkeypatch):
    """Run the command as if the benchmarks had printed these rows."""
    monkeypatch.setattr(host, "prepare", lambda _options: SimpleNamespace(python="python"))
    monkeypatch.setattr(odoo, "environment", lambda _place: {})

    def play(*rows, code=0):
        output = "".join(json.dumps(one) + "\n" for one in rows)
        found = SimpleNamespace(returncode=code, stdout=output)
        monkeypatch.setattr(subprocess, "run", lambda *_args, **_kwargs: found)
        bench.run(SimpleNamespace(pg=None, name=None, json=False))

    return play


def test_all_goals_met(run, capsys):
    """At the goal is met; what has none only tells."""
    run(row("quick", 0.5, 1), row("as asked", 2.0, 2), row("only told", 9.5, None))
    shown = capsys.readouterr().out.splitlines()
    assert shown[-1].split() == ["only", "told", "9.5", "1", "9.5", "–"]


def test_a_missed_goal_fails(run, capsys):
    """The table is shown all the same, and each missed one is named."""
    with pytest.raises(Failure, match="Above the goal: slow; slower$"):
        run(row("slow", 1.1, 1), row("fine", 1, 1), row("slower", 4, 2))
    assert "fine" in capsys.readouterr().out


def test_a_broken_benchmark_fails(run):
    with pytest.raises(Failure, match="A benchmark failed"):
        run(code=1)
