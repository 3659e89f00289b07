"""Next steps on the open opportunities, some of them overdue."""

from datetime import date, timedelta

from .quiet import generator
from .scenery import TASKS

ACTIVITIES = 22


def plan_activities(leads, today: date):
    """Plan a call, a mail, a visit for some opportunities that have a salesperson."""
    choice = generator("activities")
    assigned = leads.filtered(lambda lead: lead.type == "opportunity" and lead.user_id)
    for lead in choice.sample(list(assigned), min(ACTIVITIES, len(assigned))):
        kind, summary = choice.choice(TASKS)
        deadline = today + timedelta(days=choice.randint(-6, 12))
        lead.activity_schedule(kind, deadline, summary, user_id=lead.user_id.id)
