"""Which boards are linked and along which ways, as numbers: never by whom, and only where the partnership opened it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from people.influence import Channel, Network, channels
from people.partner_access.endpoints import IdField, Parameters, PartnerEndpoint
from people.partner_access.problems import NotOpened
from people.partner_access.schema import INFLUENCE, described, example
from people.permissions import Scope
from people.queries.influence import carried_in_the_year_to, network_on
from people.queries.names import names_in

LINKS_EXAMPLE = {
    "on": "2026-11-22",
    "boards": [
        {"id": "4", "name": "Exampleborough steering group", "level": 2},
        {"id": "9", "name": "Mill Road residents’ forum", "level": 0},
    ],
    "links": [{"one": "4", "other": "9", "people": 2, "carried": 3}],
}
CHANNELS_EXAMPLE = {
    "on": "2026-11-22",
    "from": {"id": "9", "name": "Mill Road residents’ forum"},
    "to": {"id": "2", "name": "Health and Wellbeing Board"},
    "channels": [
        {
            "used": False,
            "steps": [
                {"from": "9", "to": "4", "people": 2, "carried": 3},
                {"from": "4", "to": "2", "people": 1, "carried": 0},
            ],
        }
    ],
    "boards": [
        {"id": "2", "name": "Health and Wellbeing Board"},
        {"id": "4", "name": "Exampleborough steering group"},
        {"id": "9", "name": "Mill Road residents’ forum"},
    ],
}
CARRIED = "How many messages went this way in the year before that day."


class LinkedBoard(serializers.Serializer):
    id = serializers.CharField(help_text="The `id` of the board in `boards`.")
    name = serializers.CharField()


class LevelledBoard(LinkedBoard):
    level = serializers.IntegerField(help_text="0 is hyper-local, 4 is regional.")


class LinkEntry(serializers.Serializer):
    one = serializers.CharField(help_text="The `id` of a board.")
    other = serializers.CharField(help_text="The `id` of the other board.")
    people = serializers.IntegerField(help_text="How many people sit on both.")
    carried = serializers.IntegerField(help_text=f"{CARRIED} In either direction.")


class LinksItem(serializers.Serializer):
    """Boards that met on a day and the pairs of them on which somebody sits on both."""

    on = serializers.DateField()
    boards = LevelledBoard(many=True)
    links = LinkEntry(many=True)


class StepEntry(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        # `from` is a word of Python, and so cannot be the name of an attribute.
        return {
            "from": serializers.CharField(help_text="The `id` of a board."),
            "to": serializers.CharField(help_text="The `id` of the next board."),
            "people": serializers.IntegerField(help_text="How many people sit on both."),
            "carried": serializers.IntegerField(help_text=CARRIED),
        }


class ChannelEntry(serializers.Serializer):
    used = serializers.BooleanField(help_text="Whether each step carried something in the year before.")
    steps = StepEntry(many=True)


class ChannelsItem(serializers.Serializer):
    """The shortest ways from one board to another and those one step longer, forty at most."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "on": serializers.DateField(),
            "from": LinkedBoard(),
            "to": LinkedBoard(),
            "channels": ChannelEntry(many=True, help_text="Shortest first. Empty where no way leads there."),
            "boards": LinkedBoard(many=True, help_text="Every board that a step names."),
        }


class OnParameters(Parameters):
    on = serializers.DateField(
        required=False,
        help_text="The day on which the seats are read; today if left out.",
        error_messages={"invalid": "Write a day in ISO 8601, such as 2026-11-22."},
    )


class ChannelParameters(OnParameters):
    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {
            "from": IdField(required=True, help_text="The `id` of the board where the way begins."),
            "to": IdField(required=True, help_text="The `id` of the board where it ends."),
        }


class InfluenceEndpoint(PartnerEndpoint):
    """What the partnership has to open before any token may read it."""

    scope = Scope.INFLUENCE
    parameters = OnParameters

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if not self.partnership.opens_influence:
            raise NotOpened

    @property
    def on(self) -> date:
        return self.asked.get("on") or timezone.localdate()

    def read(self) -> tuple[Network, dict[int, str], dict[tuple[int, int], int]]:
        """The network of the day, the boards' names without names of people, and how many messages went which way."""
        network = network_on(self.partnership, self.on)
        names = names_in(self.partnership)
        carried = carried_in_the_year_to(self.partnership, self.on, reader=self.request.user)
        boards = {key: names.removed_from(room.name) for key, room in network.rooms.items()}
        return network, boards, {pair: len(found) for pair, found in carried.items()}


@described(
    tags=[INFLUENCE],
    operation_id="list_links",
    summary="See which boards are linked",
    responses={200: LinksItem},
    examples=example(LINKS_EXAMPLE),
)
class Links(InfluenceEndpoint):
    """Pairs of boards on which the same people sit, by how many, on a day. Who they are is never told."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        network, boards, carried = self.read()
        links = [
            {
                "one": str(one),
                "other": str(other),
                "people": len(people),
                "carried": carried.get((one, other), 0) + carried.get((other, one), 0),
            }
            for one, other, people in sorted(network.graph.edges(data="people"))
        ]
        known = [
            {"id": str(key), "name": boards[key], "level": room.level}
            for key, room in sorted(network.rooms.items())
        ]
        return Response({"on": self.on, "boards": known, "links": links})


@described(
    tags=[INFLUENCE],
    operation_id="find_channels",
    summary="Find channels between two boards",
    responses={200: ChannelsItem},
    examples=example(CHANNELS_EXAMPLE),
)
class Channels(InfluenceEndpoint):
    """The short ways from one board to another, through people who sit on both ends of each step, by their number."""

    parameters = ChannelParameters

    def get(self, request: Request, **kwargs: Any) -> Response:
        network, boards, carried = self.read()
        start, end = (self.board(name, network) for name in ("from", "to"))
        if start == end:
            raise ValidationError({"to": ["Name two different boards."]})
        found = channels(network, start, end)
        named = sorted({start, end, *(room for channel in found for room in channel.rooms)})
        return Response(
            {
                "on": self.on,
                "from": {"id": str(start), "name": boards[start]},
                "to": {"id": str(end), "name": boards[end]},
                "channels": [as_entry(channel, carried) for channel in found],
                "boards": [{"id": str(key), "name": boards[key]} for key in named],
            }
        )

    def board(self, parameter: str, network: Network) -> int:
        key = int(self.asked[parameter])
        if key not in network.rooms:
            raise ValidationError({parameter: ["No board of this partnership with this id met on that day."]})
        return key


def as_entry(channel: Channel, carried: dict[tuple[int, int], int]) -> dict[str, Any]:
    steps = [
        {
            "from": str(hop.start),
            "to": str(hop.end),
            "people": len(hop.links),
            "carried": carried.get((hop.start, hop.end), 0),
        }
        for hop in channel.hops
    ]
    return {"used": all(step["carried"] for step in steps), "steps": steps}
