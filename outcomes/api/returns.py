"""Returns of a partner's own organisation: what is owed, the form of each, and sending it filled in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from outcomes.actions.returns import LONGEST, NewCell
from outcomes.actions.returns_deciding import NotReady, fill_in_and_send
from outcomes.models import Marker, Return, ReturnStatus
from outcomes.queries.returns import grid_of, one_return, returns_of
from outcomes.statistics.return_checks import Box, CellKey
from partnerships.errors import DomainError
from partnerships.models import Programme
from people.partner_access.endpoints import (
    IdField,
    ListEndpoint,
    PageParameters,
    PartnerEndpoint,
    behind,
    named,
)
from people.partner_access.schema import PROGRAMME, described, example, listed
from people.partner_access.writing import OfOneOrganisation, StrictSerializer, Writing
from people.permissions import Scope
from reports.renderers.partner_csv import CsvRenderer

MARKERS = [(Marker.UNAVAILABLE.value, "Not available"), (Marker.NOT_APPLICABLE.value, "Not applicable")]
EXAMPLE = {
    "id": "31",
    "programme_id": "2",
    "programme": "Exampleborough Holidays",
    "period": "Summer 2026",
    "period_start": "2026-07-24",
    "period_end": "2026-08-31",
    "place_name": "Exampleborough",
    "status": "owed",
    "due_on": "2026-09-21",
    "submitted_at": None,
    "version": 1,
}
CELL = {
    "measure": "children-who-attended",
    "measure_name": "Children who attended",
    "group_id": None,
    "group": None,
    "needs": ["value"],
    "value": 214.0,
    "numerator": None,
    "denominator": None,
    "marker": "",
    "explanation": "",
}
WHOLE = EXAMPLE | {
    "cells": [CELL],
    "questions": [{"question_id": "4", "question": "What did children say?", "text": ""}],
    "got_in_the_way": "",
    "way_forward": "",
    "feedback": "",
}
SENT = {
    "version": 1,
    "cells": [{"measure": "children-who-attended", "group_id": None, "value": 214}],
    "got_in_the_way": "One venue closed for a week.",
    "way_forward": "A second venue is booked for winter.",
    "send": True,
}


class ReturnItem(serializers.Serializer):
    """What your organisation owes, or has sent, for one period of a programme."""

    id = serializers.CharField()
    programme_id = serializers.CharField()
    programme = serializers.CharField()
    period = serializers.CharField()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    place_name = serializers.CharField()
    status = serializers.ChoiceField(ReturnStatus.choices)
    due_on = serializers.DateField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Send it back with a change, so that nobody's work is lost.")


class ReturnCellItem(serializers.Serializer):
    measure = serializers.CharField(help_text="The `slug` of its measure.")
    measure_name = serializers.CharField()
    group_id = serializers.CharField(allow_null=True, help_text="Null for the total.")
    group = serializers.CharField(allow_null=True)
    needs = serializers.ListField(
        child=serializers.ChoiceField([box.value for box in Box]), help_text="Which numbers are asked for."
    )
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    marker = serializers.ChoiceField(MARKERS, allow_blank=True)
    explanation = serializers.CharField(allow_blank=True)


class ReturnQuestionItem(serializers.Serializer):
    question_id = serializers.CharField()
    question = serializers.CharField()
    text = serializers.CharField(allow_blank=True)


class WholeReturnItem(ReturnItem):
    """One return with every cell and question of its form."""

    cells = ReturnCellItem(many=True)
    questions = ReturnQuestionItem(many=True)
    got_in_the_way = serializers.CharField(allow_blank=True)
    way_forward = serializers.CharField(allow_blank=True)
    feedback = serializers.CharField(allow_blank=True, help_text="Why it was sent back.")


class CellBody(StrictSerializer):
    measure = serializers.RegexField(r"\A[-a-zA-Z0-9_]{1,80}\Z")
    group_id = IdField(allow_null=True, default=None)
    value = serializers.DecimalField(18, 6, allow_null=True, default=None)
    numerator = serializers.DecimalField(15, 3, allow_null=True, default=None)
    denominator = serializers.DecimalField(15, 3, allow_null=True, default=None)
    marker = serializers.ChoiceField(MARKERS, allow_blank=True, default="")
    explanation = serializers.CharField(max_length=LONGEST["explanation"], allow_blank=True, default="")


class AnswerBody(StrictSerializer):
    question_id = IdField(required=True)
    text = serializers.CharField(max_length=LONGEST["answer"], allow_blank=True)


class ReturnBody(StrictSerializer):
    """All that the return says: a cell that is left out is empty afterwards."""

    version = serializers.IntegerField(min_value=1, max_value=10**9, help_text="The `version` that you read.")
    cells = CellBody(many=True, max_length=2_000)
    answers = AnswerBody(many=True, required=False, max_length=200)
    got_in_the_way = serializers.CharField(max_length=LONGEST["got_in_the_way"], allow_blank=True, default="")
    way_forward = serializers.CharField(max_length=LONGEST["way_forward"], allow_blank=True, default="")
    send = serializers.BooleanField(
        default=False, help_text="Whether to send it. Otherwise it is saved as a draft."
    )


class ReturnParameters(PageParameters):
    status = serializers.ChoiceField(ReturnStatus.choices, required=False)
    programme = IdField(help_text="Only returns of this programme.")


def summary(found: Return) -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "programme_id": str(found.programme_id),
        "programme": found.programme.name,
        "period": found.period.name,
        "period_start": found.period.starts_on,
        "period_end": found.period.ends_on,
        "place_name": found.place.name,
        "status": found.status,
        "due_on": found.due_on,
        "submitted_at": found.submitted_at,
        "version": found.version,
    }


@described(
    tags=[PROGRAMME],
    operation_id="list_returns",
    summary="List returns",
    **listed(ReturnItem, EXAMPLE),
)
class Returns(OfOneOrganisation, ListEndpoint):
    """What your organisation owes the partnership's programmes, and what it has sent. Other partners' returns are not listed."""

    scope = Scope.PROGRAMMES
    parameters = ReturnParameters
    renderer_classes: ClassVar = [JSONRenderer, CsvRenderer]
    item = ReturnItem

    def items(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        return [summary(found) for found in behind(self.rows(), after, limit)]

    def rows(self) -> QuerySet[Return]:
        rows = returns_of(self.partnership).filter(organisation=self.organisation)
        if "status" in self.asked:
            rows = rows.filter(status=self.asked["status"])
        if "programme" in self.asked:
            ours = Programme.objects.filter(partnership=self.partnership)
            rows = rows.filter(programme=named("programme", ours, pk=self.asked["programme"]))
        return rows


@extend_schema_view(
    get=extend_schema(
        tags=[PROGRAMME],
        operation_id="get_return",
        summary="Get one return",
        responses={200: WholeReturnItem},
        examples=example(WHOLE),
    ),
    put=extend_schema(
        tags=[PROGRAMME],
        operation_id="put_return",
        summary="Fill in and send a return",
        request=ReturnBody,
        responses={200: WholeReturnItem},
        examples=[
            *example(WHOLE),
            OpenApiExample("Sent", SENT, media_type="application/json", request_only=True),
        ],
    ),
)
class OneReturn(Writing, PartnerEndpoint):
    """One return of your organisation, with its form. Filling it in replaces what it said; sending it lets an officer accept it."""

    scope = Scope.PROGRAMMES
    write_scope = Scope.WRITE_RETURNS
    http_method_names = ["get", "head", "put"]

    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.whole(self.own()))

    def put(self, request: Request, **kwargs: Any) -> Response:
        self.own()
        return self.write_once(request, ReturnBody)

    def own(self) -> Return:
        found = one_return(self.partnership, self.kwargs["pk"])
        if found is None or found.organisation_id != self.organisation.pk:
            raise Http404
        return found

    def write(self, said: dict[str, Any]) -> dict[str, Any]:
        found = self.own()
        grid = grid_of(found)
        answers = {int(row["question_id"]): row["text"] for row in said.get("answers", [])}
        try:
            saved = fill_in_and_send(
                found=found,
                expected_version=said["version"],
                by=self.request.user,
                cells=self.cells(grid, said["cells"]),
                answers=answers,
                got_in_the_way=said["got_in_the_way"],
                way_forward=said["way_forward"],
                send=said["send"],
            )
        except NotReady as waiting:
            raise DomainError(" ".join(one.message for one in waiting.findings), field="cells") from None
        return self.whole(one_return(self.partnership, saved.pk))

    @staticmethod
    def cells(grid: Any, rows: list[dict[str, Any]]) -> dict[CellKey, NewCell | None]:
        by_slug = {measure.slug: measure.pk for measure in grid.measures}
        said: dict[CellKey, NewCell | None] = {
            (line.measure, group): None for line in grid.asked for group in (None, *line.groups)
        }
        seen = set()
        for index, row in enumerate(rows):
            measure = by_slug.get(row["measure"])
            key = (measure, int(row["group_id"]) if row["group_id"] else None)
            if key not in said:
                raise DomainError("The form has no such cell.", field=f"cells[{index}].measure")
            if key in seen:
                raise DomainError("This cell comes twice.", field=f"cells[{index}].measure")
            seen.add(key)
            said[key] = NewCell(**{name: row[name] for name in CELL_NUMBERS})
        return said

    @staticmethod
    def whole(found: Return | None) -> dict[str, Any]:
        assert found is not None
        grid = grid_of(found)
        feedback = found.steps.exclude(comment="").order_by("-at", "-pk").values_list("comment", flat=True)
        return summary(found) | {
            "cells": list(_cells(grid)),
            "questions": [
                {"question_id": str(q.pk), "question": q.text, "text": grid.answers.get(q.pk, "")}
                for q in grid.questions
            ],
            "got_in_the_way": found.got_in_the_way,
            "way_forward": found.way_forward,
            "feedback": (feedback.first() or "") if found.status == ReturnStatus.SENT_BACK else "",
        }


CELL_NUMBERS = ("value", "numerator", "denominator", "marker", "explanation")


def _cells(grid: Any) -> Any:
    slugs = {measure.pk: measure.slug for measure in grid.measures}
    for line in grid.asked:
        for group in (None, *line.groups):
            cell = grid.cells.get((line.measure, group))
            yield {
                "measure": slugs[line.measure],
                "measure_name": line.name,
                "group_id": str(group) if group else None,
                "group": line.groups[group] if group else None,
                "needs": [box.value for box in line.boxes],
                **{box.value: _number(cell, box) for box in Box},
                "marker": cell.marker if cell else "",
                "explanation": cell.explanation if cell else "",
            }


def _number(cell: Any, box: Box) -> float | None:
    number = getattr(cell, box.value) if cell else None
    return None if number is None else float(number)
