"""Boards as rooms, people as the doors between them: who could carry a word from one board to another.

Pure Python on plain values and networkx, without a database: `people.queries.influence` brings the records.
"""

from people.influence.breaks import Break, breaks, needed_between
from people.influence.channels import Channel, Hop, channels
from people.influence.comparison import Comparison, LinkChange, compare
from people.influence.network import Link, Network, Room, Sitting

__all__ = [
    "Break",
    "Channel",
    "Comparison",
    "Hop",
    "Link",
    "LinkChange",
    "Network",
    "Room",
    "Sitting",
    "breaks",
    "channels",
    "compare",
    "needed_between",
]
