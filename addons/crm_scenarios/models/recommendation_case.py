"""For whom something is recommended: what one call needs to know, read once."""

from dataclasses import dataclass, field

from odoo.tools import SQL


@dataclass
class Case:
    """A customer, a lead or a quotation, in one company.

    :ivar env: the environment of whoever asks, in the company of the case
    :ivar partner: the customer (commercial entity), empty for a lead that has none
    :ivar contact: whom the quotation is made out to
    :ivar segments: crm.segment records, the customer's or the lead's provisional ones
    :ivar pricelist: may be empty
    :ivar position: fiscal position of the quotation; None: that of the contact, if it is asked for
    :ivar date: day and time of the price
    :ivar bool figures: whether the reader may see all documents of the customer
    :ivar taxes: those of products → those of them that follow the customer's
    :ivar readable: ids of products that the reader's own rules let through → their templates'
    :ivar products: product.product records that the lists name, None before they are read
    """

    env: object
    company: object
    partner: object
    contact: object
    lead: object
    order: object
    segments: object
    pricelist: object
    currency: object
    position: object
    date: object
    today: object
    figures: bool = True
    excluded: set = field(default_factory=set)
    taxes: dict = field(default_factory=dict)
    readable: dict = field(default_factory=dict)
    products: object = None

    @property
    def ordinal(self):
        """Today as a number, as the learning counts days."""
        return self.today.toordinal()

    @property
    def fiscal_position(self):
        """Looked for when a price needs it: most don't."""
        if self.position is None:
            # sudo: of the contact, which the user may read, only the taxes on a price follow
            positions = self.env["account.fiscal.position"].sudo()
            self.position = positions._get_fiscal_position(self.contact)
        return self.position

    def saleable_sql(self):
        """Condition on ``pp`` (product) and ``pt`` (template): what may be proposed at all.

        The user's own rules are applied to the few that remain (``_readable_products``).
        """
        return SQL(
            """
            pp.active AND pt.active AND pt.sale_ok AND pt.type <> 'combo'
            AND (pt.company_id IS NULL OR pt.company_id = ANY(%s)) AND pp.id <> ALL(%s)
            """,
            self.company.sudo().parent_ids.ids,  # sudo: a branch may use what its parents sell
            list(self.excluded),
        )
