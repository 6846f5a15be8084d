"""Which articles tell the same story."""

from jobs.group.grouper import Grouper
from jobs.group.lines import group_lines, settle
from jobs.group.meaning import Meaning, load_encoder

__all__ = ["Grouper", "Meaning", "group_lines", "load_encoder", "settle"]
