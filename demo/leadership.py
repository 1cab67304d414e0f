"""Who leads what, and the training that some of them took part in."""

from __future__ import annotations

from typing import Any

from demo.chance import texts
from demo.days import months_back
from demo.setting import Setting
from people.actions import development, leadership
from people.models import Attended, CohortPlace


def load_leadership(setting: Setting) -> None:
    text = texts("leadership")
    for row in text["element"]:
        _element(setting, row)
    for row in text["course"]:
        _course(setting, row)


def _element(setting: Setting, row: dict[str, Any]) -> None:
    element = leadership.add_element(
        partnership=setting.partnership,
        name=row["name"],
        level=row["level"],
        description=row["description"],
        programme=setting.programmes.get(row.get("programme", "")),
        by=setting.manager,
    )
    for owner, body, since, authority, successor, note in row["leadings"]:
        leadership.hand_over(
            element=element,
            owner=setting.people[owner],
            starts_on=setting.from_month(since, f"leads:{row['name']}:{owner}"),
            authority=authority,
            organisation=setting.organisations.get(body),
            accountable=setting.people.get(row["accountable"]),
            successor=setting.people.get(successor),
            note=note,
            by=setting.manager,
        )


def _course(setting: Setting, row: dict[str, Any]) -> None:
    course = development.add_course(
        partnership=setting.partnership,
        name=row["name"],
        purpose=row["purpose"],
        provider=setting.organisations[row["provider"]],
        programme=setting.programmes.get(row["programme"]),
        by=setting.manager,
    )
    for run in row["cohort"]:
        key = f"{row['name']}:{run['name']}"
        cohort = development.add_cohort(
            course=course,
            name=run["name"],
            starts_on=setting.from_month(run["since"], key),
            ends_on=setting.to_month(run["until"], key),
            by=setting.manager,
        )
        people = [setting.people[person] for person, *_ in run["people"]]
        development.give_places(cohort=cohort, people=people, by=setting.manager)
        places = {place.person_id: place for place in cohort.places.all()}
        for person, attended, champion, of in run["people"]:
            place = places[setting.people[person].pk]
            if attended != Attended.PLACED:
                development.note_attendance(
                    place=place,
                    expected_version=place.version,
                    attended=attended,
                    champion_since=months_back(setting.today, champion) if champion else None,
                    champion_of=of,
                    by=setting.manager,
                )
        for person, *told in run["then"]:
            _then(setting, places[setting.people[person].pk], *told)


def _then(setting: Setting, place: CohortPlace, what: str, months: int, evidence: str, note: str) -> None:
    development.note_influence(
        place=place,
        what=what,
        happened_on=setting.from_month(months, f"then:{what}"),
        evidence=evidence,
        evidence_note=note,
        by=setting.manager,
    )
