"""Spreadsheets in: CSV, XLSX, ODS and XLS, read by a process of its own that can be ended at any moment.

A file from outside may be broken, or made to break us. So it is never read in this process: another one, with
limits of memory and time, checks it and hands back texts. Formulas are not computed and nothing is fetched:
a cell is what the program that saved the file last saw in it.
"""

from .reading import LIMITS, BadFile, Grid, Limits, Reason, read

__all__ = ["LIMITS", "BadFile", "Grid", "Limits", "Reason", "read"]
