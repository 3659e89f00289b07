"""Leads and opportunities beside the orders: open, won and lost, with their sources."""

from datetime import timedelta

from odoo import fields

from .deals import create_past_deals
from .names import COUNTRIES
from .quiet import backdate, generator
from .scenery import CAMPAIGNS, MEDIUMS, SOURCES, SUBJECTS

WON, LOST, LEADS = 35, 25, 15
OPEN_PER_STAGE = 15
WITHOUT_CUSTOMER = 0.25  # share of open opportunities with a company that is no contact yet


class Pipeline:
    """Makes leads; the dates are those of the work, not of the generator."""

    def __init__(self, env, directory):
        self.env = env
        self.directory = directory
        self.choice = generator("pipeline")
        self.now = fields.Datetime.now().replace(microsecond=0)
        self.campaigns = env["utm.campaign"].create([{"title": title} for title in CAMPAIGNS])
        self.sources = self._known("utm", SOURCES)
        self.mediums = self._known("utm", MEDIUMS)
        self.stages = env["crm.stage"].search([("is_won", "=", False)])
        self.team = env["crm.team"].search(
            [("member_ids", "in", directory.users["sales"].ids)], limit=1
        )
        # Leads before opportunities are a setting of the host; a lead is invisible without it.
        env.ref("base.group_user")._apply_group(env.ref("crm.group_use_lead"))

    def _known(self, module, names):
        found = (self.env.ref(f"{module}.{name}", raise_if_not_found=False) for name in names)
        return [record.id for record in found if record]

    def days_ago(self, low, high):
        """A moment between so many days ago, within office hours."""
        day = self.now - timedelta(days=self.choice.randint(low, high))
        return min(day.replace(hour=self.choice.randint(8, 16)), self.now)

    def values(self, partner=None, **extra):
        """Values of an opportunity of this customer, or of a company that is no contact yet."""
        choice = self.choice
        values = {
            "type": "opportunity",
            "name": choice.choice(SUBJECTS),
            "team_id": self.team.id,
            "expected_revenue": round(choice.lognormvariate(6.5, 0.8), -1),
            "source_id": choice.choice([*self.sources, False]),
            "medium_id": choice.choice([*self.mediums, False]),
            "campaign_id": choice.choice([*self.campaigns.ids, False, False]),
        }
        if partner:
            values["partner_id"] = partner.id
            values["user_id"] = (partner.user_id or self.directory.salesperson()).id
        else:
            values.update(self._stranger())
        return {**values, **extra}

    def _stranger(self):
        company = self.directory.company(self.choice.choice(list(COUNTRIES)))
        person = self.directory.namer.person(company["email"])
        values = {
            "partner_name": company["name"],
            "contact_name": person["name"],
            "email_from": person["email"],
            "phone": company["phone"],
            "city": company["city"],
            "country_id": company["country_id"],
            "user_id": company["user_id"],
        }
        if "industry_id" in self.env["crm.lead"]._fields:
            values["industry_id"] = company["industry_id"]
        return values

    def create(self, values, created):
        """Create leads as of the moments given."""
        leads = self.env["crm.lead"].create(values)
        backdate(leads, created)
        for lead, moment in zip(leads, created, strict=True):
            lead.write(
                {"date_open": moment if lead.user_id else False, "date_last_stage_update": moment}
            )
        return leads

    def create_won(self, orders):
        """Opportunities that became orders of the sample: won that day, with its amount."""
        orders = self.choice.sample(list(orders), WON)
        leads = self.create(
            [
                self.values(order.partner_id, expected_revenue=order.amount_untaxed)
                for order in orders
            ],
            [order.date_order - timedelta(days=self.choice.randint(4, 60)) for order in orders],
        )
        leads.action_set_won()
        for lead, order in zip(leads, orders, strict=True):
            order.opportunity_id = lead
            self._close(lead, order.date_order)

    def create_lost(self, partners):
        """Opportunities that were given up, by the host's wizard that asks for the reason."""
        created = [self.days_ago(60, 400) for _index in range(LOST)]
        values = [
            self.values(partner, stage_id=self._stage())
            for partner in self.choice.sample(partners, LOST)
        ]
        leads = self.create(values, created)
        reasons = self.env["crm.lost.reason"].search([])
        for index, reason in enumerate(reasons):
            lost = leads[index :: len(reasons)]
            values = {"lead_ids": lost.ids, "lost_reason_id": reason.id}
            self.env["crm.lead.lost"].create(values).action_lost_reason_apply()
        for lead, moment in zip(leads, created, strict=True):
            self._close(lead, moment + timedelta(days=self.choice.randint(5, 55)))

    @staticmethod
    def _close(lead, moment):
        """Closing has taken the present time."""
        lead.write({"date_closed": moment, "date_last_stage_update": moment})

    def _stage(self):
        return self.choice.choice(self.stages.ids)

    def create_open(self, partners):
        """Opportunities in every stage, and leads that nobody has looked at."""
        values = []
        for stage in self.stages:
            for _index in range(OPEN_PER_STAGE):
                partner = (
                    None
                    if self.choice.random() < WITHOUT_CUSTOMER
                    else self.choice.choice(partners)
                )
                values.append(self.values(partner, stage_id=stage.id))
        values += [self.values(type="lead", expected_revenue=0) for _index in range(LEADS)]
        return self.create(values, [self.days_ago(1, 45) for _entry in values])


def create_pipeline(env, directory, orders, buyers, prospects):
    """Make all leads; return the open ones."""
    pipeline = Pipeline(env, directory)
    pipeline.create_won(orders)
    pipeline.create_lost(buyers + list(prospects))
    create_past_deals(env, pipeline, buyers)
    leads = pipeline.create_open(buyers + list(prospects) * 2)
    return leads
