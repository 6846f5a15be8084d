"""Which articles tell the same story."""

from jobs.group.grouper import Grouper, settle
from jobs.group.lines import group_lines

__all__ = ["Grouper", "group_lines", "settle"]
