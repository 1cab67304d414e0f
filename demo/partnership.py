"""What the partnership says of itself: ethos, rules, stories, strategies, agreements, contacts, and places of its own."""

from __future__ import annotations

from typing import Any

from demo.chance import texts
from demo.days import A_DAY
from demo.setting import Setting
from outcomes.actions.themes import align_outcomes
from partnerships.actions.agreements import add_agreement, renew_agreement
from partnerships.actions.contacts import add_contact, end_contact
from partnerships.actions.local_places import add_place
from partnerships.actions.merging import merge_organisations
from partnerships.actions.partnership_page import edit_partnership
from partnerships.actions.programmes import edit_programme
from partnerships.actions.rules import add_rule, end_rule
from partnerships.actions.setting_up import add_organisation
from partnerships.actions.stories import tell_story
from partnerships.actions.strategies import add_strategy
from partnerships.models import Programme, StrategyTheme


def load_rules(setting: Setting) -> None:
    """Before the meetings, whose decisions cite them."""
    for row in texts("partnership")["rule"]:
        _rule(setting, row)


def load_partnership_page(setting: Setting) -> None:
    """After organisations, outcomes and programmes, which it names."""
    text = texts("partnership")
    partnership = setting.partnership
    edit_partnership(
        partnership=partnership,
        expected_version=partnership.version,
        by=setting.manager,
        vision=partnership.vision,
        ethos=" ".join(text["ethos"].split()),
        reviews_activities=False,
    )
    for number, row in enumerate(text["story"]):
        _story(setting, row, number)
    aligned: dict[str, list[StrategyTheme]] = {}
    for row in text["strategy"]:
        _strategy(setting, row, aligned)
    for key, themes in aligned.items():
        programme = Programme.objects.get(pk=setting.programmes[key].pk)
        edit_programme(
            programme=programme, expected_version=programme.version, by=setting.manager, themes=themes
        )
    for row in text["agreement"]:
        _agreement(setting, row)
    for row in text["contact"]:
        _contact(setting, row)
    for row in text["place"]:
        _place(setting, row)
    _merge(setting, text["merge"])


def _rule(setting: Setting, row: dict[str, Any]) -> None:
    rule = add_rule(
        partnership=setting.partnership,
        text=row["text"],
        explanation=row["explanation"],
        starts_on=setting.from_month(row["since"], f"rule:{row['text']}"),
        by=setting.manager,
    )
    ends_on = setting.to_month(row.get("until", 0), f"rule:{row['text']}")
    if ends_on:
        end_rule(rule=rule, on=ends_on, by=setting.manager)


def _story(setting: Setting, row: dict[str, Any], number: int) -> None:
    tell_story(
        partnership=setting.partnership,
        text=row["text"],
        told_on=setting.ago(row["day"]),
        after_version=number,
        what_changed=row["changed"],
        contributors=[setting.people[key] for key in row["by"]],
        other_contributors=row["others"],
        by=setting.manager,
    )


def _strategy(setting: Setting, row: dict[str, Any], aligned: dict[str, list[StrategyTheme]]) -> None:
    strategy = add_strategy(
        partnership=setting.partnership,
        name=row["name"],
        organisation=setting.organisations[row["organisation"]],
        summary=row["summary"],
        link=row.get("link", ""),
        from_year=row["from_year"],
        to_year=row["to_year"],
        themes=[theme["name"] for theme in row["theme"]],
        by=setting.manager,
    )
    themes = {theme.name: theme for theme in strategy.themes.all()}
    for said in row["theme"]:
        theme = themes[said["name"]]
        outcomes = [setting.outcomes[key] for key in said["outcomes"]]
        align_outcomes(theme=theme, outcomes=outcomes, by=setting.manager)
        for key in said["programmes"]:
            aligned.setdefault(key, []).append(theme)


def _agreement(setting: Setting, row: dict[str, Any]) -> None:
    first_renewal = setting.ago(row["renewed_from"]) if "renewed" in row else None
    agreement = add_agreement(
        partnership=setting.partnership,
        title=row["title"],
        kind=row["kind"],
        parties=[setting.organisations[key] for key in row["parties"]],
        purpose=row["purpose"],
        owner=setting.people[row["owner"]],
        signed_on=setting.ago(row["signed"]),
        renews_on=first_renewal or setting.today + row["renews_in"] * A_DAY,
        by=setting.manager,
    )
    if first_renewal:
        renew_agreement(
            agreement=agreement,
            expected_version=1,
            renewed_on=setting.ago(row["renewed"]),
            renews_on=setting.today + row["renews_in"] * A_DAY,
            note=row["note"],
            by=setting.manager,
        )


def _contact(setting: Setting, row: dict[str, Any]) -> None:
    key = f"contact:{row['organisation']}:{row['role']}"
    contact = add_contact(
        partnership=setting.partnership,
        organisation=setting.organisations[row["organisation"]],
        role=row["role"],
        person=setting.people.get(row.get("person", "")),
        email=row.get("email", ""),
        phone=row.get("phone", ""),
        starts_on=setting.from_month(row["since"], key),
        by=setting.manager,
    )
    ends_on = setting.to_month(row.get("until", 0), key)
    if ends_on:
        end_contact(contact=contact, on=ends_on, by=setting.manager)


def _place(setting: Setting, row: dict[str, Any]) -> None:
    setting.places[row["key"]] = add_place(
        partnership=setting.partnership,
        name=row["name"],
        kind=row["kind"],
        parent=setting.places[row["parent"]],
        is_another=True,
        by=setting.manager,
    )


def _merge(setting: Setting, row: dict[str, Any]) -> None:
    """An organisation that was recorded twice, as happens, and is one again."""
    twice = add_organisation(
        partnership=setting.partnership,
        name=row["name"],
        sector=row["sector"],
        starts_on=setting.from_month(row["since"], "merge"),
        is_fictional=True,
        by=setting.manager,
    )
    merge_organisations(
        kept=setting.organisations[row["into"]],
        merged=twice,
        reason=row["reason"],
        may_manage=lambda partnership: partnership == setting.partnership,
        by=setting.manager,
    )
