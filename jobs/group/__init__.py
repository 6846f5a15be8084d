"""Which articles tell the same story."""

from jobs.group.grouper import Grouper
from jobs.group.lines import group_lines, settle
from jobs.group.meaning import Meaning, load_encoder, load_meaning
from jobs.group.weigh import LONGEST

__all__ = ["LONGEST", "Grouper", "Meaning", "group_lines", "load_encoder", "load_meaning", "settle"]
