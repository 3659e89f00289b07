"""Facts that the tests of concurrent transactions look at."""

FIGURES = """
    SELECT purchase_count, revenue_total::int, ROUND(days_to_pay)::int, amount_overdue::int
    FROM crm_customer_metrics WHERE partner_id = %s
"""
PLACES = """
    SELECT s.name->>'en_US' FROM crm_segment_membership m JOIN crm_segment s ON s.id = m.segment_id
    WHERE m.partner_id = %s AND m.segmentation_id = %s AND m.date_to IS NULL ORDER BY 1
"""
CITIES = {"Warsaw": "[('city', '=', 'Warsaw')]", "Paris": "[('city', '=', 'Paris')]"}
BUYERS = {
    "Twice": "[('purchase_count', '>=', 2)]",
    "Once": "[('purchase_count', '=', 1)]",
    "Never": "[('purchase_count', '=', 0)]",
}


def places(office, partner, segmentation):
    return [name for (name,) in office.eye.rows(PLACES, partner, segmentation)]


def queued(office, partner):
    return office.eye.value(
        "SELECT COUNT(*) FROM crm_segment_queue WHERE partner_id = %s", partner
    )
