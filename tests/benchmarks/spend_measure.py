"""Writes files of ad spend and imports them. Run in a database."""

import base64
import csv
import io
import json
import random
import resource
import sys
from datetime import date, timedelta

from .segments_tables import seconds

HEADER = [
    "Day", "Campaign", "Campaign ID", "Currency code", "Cost", "Impr.", "Clicks", "Conversions",
]  # fmt: skip


def _rows(count):
    draw = random.Random(42)
    for number in range(count):
        campaign = number // 365
        yield [
            date(2025, 1, 1) + timedelta(number % 365), f"Campaign {campaign}", 10_000 + campaign,
            "EUR", draw.randrange(1_000_000) / 100, draw.randrange(100_000),
            draw.randrange(1000), draw.randrange(100) / 10,
        ]  # fmt: skip


def main(env, rows):
    """Print seconds by work, and bytes."""
    env.ref("base.EUR").active = True
    table = [HEADER, *_rows(rows)]
    text = io.StringIO()
    csv.writer(text).writerows(table)
    content = text.getvalue().encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = _floor(env, content, table)
    env.cr.rollback()
    env.ref("base.EUR").active = True
    for name in ("csv", "csv_again"):
        found[name] = seconds(_import(env, content, f"{name}.csv"))
        env.cr.commit()
    # emptied, not deleted: dead rows would be looked through for each new one
    env.cr.execute("TRUNCATE crm_campaign_spend CASCADE")
    env.cr.commit()
    workbook = _workbook(table)
    found["openpyxl"] = seconds(lambda: _iterate(workbook))
    found["xlsx"] = seconds(_import(env, workbook, "spend.xlsx"))
    found["memory"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    sys.stdout.write("\n" + json.dumps(found) + "\n")


def _import(env, content, filename):
    """The work: a file that was uploaded, imported."""
    one = env["crm.campaign.spend.import"].create(
        {"file": base64.b64encode(content), "filename": filename}
    )
    env.flush_all()

    def work():
        one.action_import()
        env.flush_all()

    return work


def _workbook(table):
    import openpyxl

    book, stream = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in table:
        sheet.append(row)
    book.save(stream)
    return stream.getvalue()


def _iterate(content):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for _row in book.worksheets[0].iter_rows(values_only=True):
        pass


def _floor(env, content, table):
    cr = env.cr
    platform = env["crm.campaign.platform"].create({"name": "Floor"})
    read = seconds(lambda: [None for _row in csv.reader(io.StringIO(content.decode()))])
    body = io.StringIO()
    csv.writer(body).writerows(table[1:])
    body.seek(0)

    def write():
        cr.execute(
            "CREATE TEMP TABLE floor (day date, name text, external text, currency text,"
            " cost numeric, impressions int, clicks int, conversions numeric)"
        )
        cr.copy_expert("COPY floor FROM STDIN (FORMAT csv)", body)
        cr.execute(
            """
            INSERT INTO crm_campaign_spend (company_id, platform_id, account, external_campaign,
                date, currency_id, cost, impressions, clicks, conversions)
            SELECT %s, %s, '-', external, day, %s, cost, impressions, clicks, conversions
            FROM floor
            """,
            [env.company.id, platform.id, env.ref("base.EUR").id],
        )

    return {"csv_reader": read, "write": seconds(write)}
