"""Cron expressions: what is accepted, and the wall times that one names.

croniter reads the fields and names the days of a month; what it accepts but means otherwise than crontab(5) is refused
in ``grammar``. Wall time becomes real time in ``clock_changes``.
"""

from .grammar import ALIASES, MAX_LENGTH, five_fields, is_fixed
from .walls import Walls, wall_times, walls_of

__all__ = ["ALIASES", "MAX_LENGTH", "Walls", "five_fields", "is_fixed", "wall_times", "walls_of"]
