"""The screens that people open most: what the web client asks for when it shows one."""

LIMIT = 80


def lists(model, *, domain=(), kind="list", limit=LIMIT):
    """A list or the cards of a model, first page."""

    def opened(client, _luck):
        wanted = client.specification(model, kind)
        client.call(
            model, "web_search_read", domain=list(domain), specification=wanted, limit=limit,
            count_limit=10001,
        )  # fmt: skip

    return opened


def pipeline(client, _luck):
    """The board of opportunities by stage, ten cards each."""
    wanted = client.specification("crm.lead", "kanban")
    client.call(
        "crm.lead", "web_read_group", [["type", "=", "opportunity"]], ["stage_id"],
        ["expected_revenue:sum"], auto_unfold=True, unfold_read_specification=wanted,
        unfold_read_default_limit=10,
    )  # fmt: skip


def customer(client, luck):
    """The form of a customer with our tabs, and what the form's own parts ask for."""
    one = luck.choice(client.customers)
    client.call("res.partner", "web_read", [one], client.specification("res.partner", "form"))


def advice(client, luck):
    """What to offer and what to do next, as the tab of a customer asks."""
    one = luck.choice(client.customers)
    client.call("crm.recommendation", "recommend", partner_id=one)


def today(client, _luck):
    """The salesperson's list."""
    client.call("crm.today", "actions", 10)


def months(client, _luck):
    """Segments by month."""
    client.call(
        "crm.segment.report", "formatted_read_group", [], ["segment_id", "month:month"],
        ["revenue:sum", "members:sum"],
    )  # fmt: skip


def returns(client, _luck):
    """The return of campaigns by month."""
    names = ("cost", "orders", "ordered", "invoiced", "paid", "margin")
    client.call(
        "crm.campaign.roi.report", "formatted_read_group", [], ["campaign_id", "month:month"],
        [*(f"{name}:sum" for name in names), "roi:avg"],
    )  # fmt: skip


def campaign(client, luck):
    """The panel of one campaign."""
    client.call("utm.campaign", "campaign_return", [luck.choice(client.campaigns)])


HOST = {
    "host: contacts": lists("res.partner", kind="kanban"),
    "host: orders": lists("sale.order", domain=[("state", "=", "sale")]),
    "host: pipeline": pipeline,
}
OURS = {
    "segmentations": lists("crm.segmentation", kind="kanban"),
    "customers by segment": lists("crm.segment.membership", domain=[("date_to", "=", False)]),
    "customer figures": lists("crm.customer.metrics"),
    "customer's form": customer,
    "recommendations": advice,
    "Today": today,
    "deal control": lists("crm.deal.control"),
    "price guidance": lists("crm.price.guidance"),
    "scenario runs": lists("crm.scenario.run"),
    "segments by month": months,
    "return by campaign and month": returns,
    "return of a campaign": campaign,
}
#: who opens what
ROLES = {
    "sales": (*HOST, "customer's form", "recommendations", "Today", "deal control",
              "scenario runs"),
    "lead": (*HOST, "segmentations", "customers by segment", "customer's form", "recommendations",
             "Today", "deal control", "price guidance", "segments by month"),
    "marketing": ("host: contacts", "segmentations", "customers by segment",
                  "return by campaign and month", "return of a campaign"),
    "boss": (*HOST, *OURS),
}  # fmt: skip
