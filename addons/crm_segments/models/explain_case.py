"""What an explanation is about, and the conditions that it lists."""

from dataclasses import dataclass, field
from typing import Any

from odoo.fields import Domain


@dataclass
class Case:
    """One customer and one segment in one company, as one user may see them.

    ``rule`` is the segment with the rights of the engine, everything else has the user's.
    ``proposed`` are rows (segment, code, evidence) of the method today, ``chosen`` the
    segments that follow from them; ``values`` the figures now, by name of the field, whether
    shown or not.
    """

    partner: Any
    rule: Any
    company: Any
    visible: bool
    stay: Any
    evidence: dict
    today: Any
    proposed: list = field(default_factory=list)
    chosen: Any = None
    values: dict = field(default_factory=dict)

    @property
    def left(self):
        """Evidence of the day on which the stay ended; empty where it has not."""
        return self.stay.left_evidence or {}

    @property
    def values_then(self):
        return self.evidence.get("values") or {}


@dataclass
class Item:
    """A condition of the explanation.

    ``left`` and ``value_left_text``: its verdict and value on the day on which the stay ended.
    ``hidden``: its limit and value tell amounts that the user may not see.
    ``need``: what is lacking where the condition itself can't tell.
    """

    part: str
    text: str
    passed: bool
    condition: Domain | None = None
    then: bool | None = None
    value: Any = False
    value_then: Any = False
    value_text: str = ""
    value_then_text: str = ""
    left: bool | None = None
    value_left_text: str = ""
    hidden: bool = False
    need: str | None = None

    def as_dict(self):
        """The condition as other programs see it."""
        return {
            "part": self.part,
            "text": self.text,
            "passed": self.passed,
            "passed_then": self.then,
            "passed_left": self.left,
            "value": self.value,
            "value_then": self.value_then,
            "value_text": self.value_text,
            "value_then_text": self.value_then_text,
            "value_left_text": self.value_left_text,
        }
