"""Which screens the descriptions of the add-ons show, and how to get there in the demonstration."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Picture:
    """A picture of a screen.

    :ivar name: of the file, without its ending
    :ivar path: address; ``{id}`` is the first record of ``model`` that fits ``domain``
    :ivar clicks: selectors, clicked one after the other
    :ivar show: selector of what has to be there
    :ivar top: selector of what is scrolled to the top
    """

    addon: str
    name: str
    path: str
    show: str
    model: str = ""
    domain: list = field(default_factory=list)
    clicks: tuple = ()
    top: str = ""
    width: int = 1400
    height: int = 800
    login: str = "admin"


#: records of the demonstration
CUSTOMER = [["name", "=", "Thistledown Garden Centres Ltd"]]
FAIR = [["title", "=", "Spring fair"]]
SEGMENTS = "/odoo/action-crm_segments.crm_segment_action/{id}"
CAMPAIGNS = "/odoo/action-utm.utm_campaign_action/{id}"

PICTURES = (
    Picture("crm_segments", "segments", "/odoo/segments",
            ".o_kanban_record", height=720),
    Picture("crm_segments", "segment", SEGMENTS, ".o_segment_profile",
            "crm.segment", [["name", "=", "Champions"]],
            height=1050),
    Picture("crm_segments", "rfm", "/odoo/segments/{id}", ".o_segment_rfm_grid table",
            "crm.segmentation", [["method", "=", "rfm"]],
            (".nav-link[name=grid]",), ".o_notebook", height=860),
    Picture("crm_segments", "timeline", "/odoo/contacts/{id}", ".o_segment_stay",
            "res.partner", CUSTOMER, (".nav-link[name=segment_timeline]",),
            height=900),
    Picture("crm_segments", "why", "/odoo/contacts/{id}", ".o_segment_why .o_segment_condition",
            "res.partner", CUSTOMER,
            (".nav-link[name=segment_timeline]",
             "[data-segmentation=RFM] .o_segment_stay:last-child"), height=760),
    Picture("crm_segments", "phone", "/odoo/contacts/{id}", ".o_segment_timeline .o_segment_stays",
            "res.partner", CUSTOMER, (".nav-link[name=segment_timeline]",),
            ".o_notebook", 375, 760),
    Picture("crm_scenarios", "today", "/odoo/today", ".o_today", login="sales"),
    Picture("crm_scenarios", "recommend", "/odoo/orders/{id}", ".o_recommend_dialog .card",
            "sale.order", [["name", "=", "S00807"]],
            ("button[name=action_recommend]",), height=900),
    Picture("crm_scenarios", "scenario", "/odoo/scenarios/{id}", ".o_form_sheet",
            "crm.scenario", [["name", "=", "Win back"]], height=900),
    Picture("crm_scenarios", "patterns", "/odoo/deal-patterns",
            ".o_content"),
    Picture("crm_scenarios", "price", "/odoo/price-guidance",
            ".modal .o_price_bars", clicks=(".o_data_row:nth-child(15) button",)),
    Picture("crm_scenarios", "market", "/odoo/market-position",
            ".o_content", height=1000),
    Picture("crm_scenarios", "programme", "/odoo/crm-programmes/{id}", ".o_programme_picture",
            "crm.programme", [["state", "=", "running"]], height=1000),
    Picture("crm_scenarios", "phone", "/odoo/today", ".o_today", width=375,
            height=760, login="sales"),
    Picture("crm_campaign_roi", "return", CAMPAIGNS, ".o_return_stages",
            "utm.campaign", FAIR,
            (".nav-link[name=campaign_return]",), ".o_notebook", height=1000),
    Picture("crm_campaign_roi", "report", "/odoo/campaign-return",
            ".o_pivot table, .o_graph_renderer canvas"),
    Picture("crm_campaign_roi", "marketing", "/odoo/marketing-return", ".o_content", height=1100),
    Picture("crm_campaign_roi", "audience", "/odoo/campaign-audiences/{id}", ".o_form_sheet",
            "crm.campaign.audience", [["name", "=", "Customers of the region"]], height=900),
    Picture("crm_campaign_roi", "phone", CAMPAIGNS, ".o_return_stages",
            "utm.campaign", FAIR,
            (".nav-link[name=campaign_return]",), ".o_notebook", 375, 760),
)  # fmt: skip
