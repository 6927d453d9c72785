"""Cells of CSV files that people open in a spreadsheet."""

import re

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that would make a cell a formula in a spreadsheet."""
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def plain(cell: str) -> str:
    """Return the cell as text that no spreadsheet takes for a formula; a number stays one."""
    if NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
