"""What a file may be before anything of it is unpacked or read as a whole."""

import io
import os
import zipfile
from pathlib import Path

from odoo.addons.crm_segments.lib.tabular import ZIP, UnreadableFile

#: bytes that a workbook may unpack to, and how many times its size from 20 MB on
UNPACKED, RATIO, SMALL = 400 << 20, 100, 20 << 20
#: text of cells is kept in memory by the reader of workbooks
SHARED = 100 << 20
#: columns that a report may have
WIDTH = 500
#: characters of a cell
LENGTH = 32_767


def check_file(content):
    """Refuse archives that unpack to far more than a workbook needs.

    :param content: bytes or path
    :raise UnreadableFile: code too_large, damaged
    """
    with io.BytesIO(content) if isinstance(content, bytes) else Path(content).open("rb") as stream:
        if stream.read(4) != ZIP:
            return
        size = stream.seek(0, os.SEEK_END)
        try:
            parts = zipfile.ZipFile(stream).infolist()
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise UnreadableFile("damaged") from error
    unpacked = sum(part.file_size for part in parts)
    shared = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    bomb = unpacked > SMALL and unpacked > RATIO * size
    if bomb or unpacked > UNPACKED or shared > SHARED:
        raise UnreadableFile("too_large")


def check_row(cells):
    """Refuse rows that are those of no report.

    :raise UnreadableFile: code too_wide, too_long
    """
    if len(cells) > WIDTH:
        raise UnreadableFile("too_wide", columns=len(cells), most=WIDTH)
    if any(len(cell) > LENGTH for cell in cells if isinstance(cell, str)):
        raise UnreadableFile("too_long", most=LENGTH)
