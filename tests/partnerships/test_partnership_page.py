"""The partnership's own page and what belongs to it: who may read and change what, and what was typed is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.setting_up import add_outcome
from outcomes.actions.themes import align_outcomes
from outcomes.models import OutcomeTheme
from partnerships.actions.agreement_reminders import ask_for_agreement_reminders
from partnerships.actions.agreements import add_agreement, edit_agreement, end_agreement, renew_agreement
from partnerships.actions.boards import add_board
from partnerships.actions.contacts import add_contact, edit_contact, end_contact
from partnerships.actions.local_places import add_place
from partnerships.actions.partnership_page import edit_partnership
from partnerships.actions.rules import add_rule, end_rule, explain_rule, move_rule
from partnerships.actions.setting_up import add_organisation
from partnerships.actions.stories import tell_story
from partnerships.actions.strategies import add_strategy, add_theme, edit_strategy, remove_theme, rename_theme
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Agreement, AgreementReminder, Decision, Meeting, Sector, SimpleRule
from partnerships.queries import agreements as agreement_queries
from partnerships.queries.partnership_page import rules_of
from partnerships.tasks.agreements import send_agreement_reminder
from people.actions.memberships import add_person

TODAY = timezone.localdate
HUGE = "🌿 مرحبا " * 4000


def page(world, name, *args):
    return reverse(name, args=[world.partnership.slug, *args])


@pytest.fixture
def rule(world):
    return add_rule(partnership=world.partnership, text="Every voice counts", by=world.manager)


@pytest.fixture
def story(world):
    return tell_story(
        partnership=world.partnership,
        text="We met.",
        told_on=date(2025, 1, 1),
        after_version=0,
        contributors=[world.officer],
        by=world.manager,
    )


@pytest.fixture
def strategy(world):
    return add_strategy(
        partnership=world.partnership, name="Plan 2040", themes=["Move", "Belong"], by=world.manager
    )


@pytest.fixture
def agreement(world):
    return add_agreement(
        partnership=world.partnership,
        title="Sharing figures",
        kind="data_sharing",
        parties=[world.organisation],
        owner=world.officer,
        signed_on=TODAY() - timedelta(400),
        renews_on=TODAY() + timedelta(30),
        by=world.manager,
    )


# --- The page ------------------------------------------------------------------------------------------------------------
def test_everybody_in_it_reads_the_page_and_only_a_manager_changes_it(
    world, as_, rule, story, strategy, agreement
):
    for who in ("officer", "resident", "observer"):
        html = as_(who).get(page(world, "about")).content.decode()
        for said in ("Every voice counts", "We met.", "Plan 2040", "Sharing figures", "Testborough Council"):
            assert said in html
        assert page(world, "about-edit") not in html
        assert as_(who).get(page(world, "about-edit")).status_code == 403
        assert as_(who).post(page(world, "about-edit"), {}).status_code == 403
    assert as_("stranger").get(page(world, "about")).status_code == 404


def test_an_edit_carries_its_version_and_keeps_what_was_typed(world, as_):
    client, url = as_("manager"), page(world, "about-edit")
    answers = {"vision": "Everybody moves", "ethos": "We ask first", "reviews_activities": "on"}
    assert client.post(url, answers | {"version": 1}).status_code == 302
    world.partnership.refresh_from_db()
    assert (world.partnership.vision, world.partnership.reviews_activities) == ("Everybody moves", True)
    late = client.post(url, {"vision": "Mine", "version": 1}).content.decode()
    assert "Somebody else saved this" in late
    assert "Mine" in late
    refused = client.post(url, {"vision": HUGE, "version": 2})
    assert refused.status_code == 200
    assert "at most 3000 characters" in refused.content.decode()
    with pytest.raises(EditConflict):
        edit_partnership(
            partnership=world.partnership,
            expected_version=1,
            by=world.manager,
            vision="",
            ethos="",
            reviews_activities=False,
        )


# --- Rules ---------------------------------------------------------------------------------------------------------------
def test_rules_are_ordered_explained_and_ended_but_never_rewritten(world, rule):
    second = add_rule(partnership=world.partnership, text="The nearest table decides")
    third = add_rule(partnership=world.partnership, text="Learn out loud")
    move_rule(rule=third, up=True, by=world.manager)
    move_rule(rule=rule, up=True, by=world.manager)
    assert [one.text for one in rules_of(world.partnership)] == [rule.text, third.text, second.text]
    with pytest.raises(DomainError, match="there already"):
        add_rule(partnership=world.partnership, text="every VOICE  counts")
    explain_rule(rule=rule, expected_version=1, explanation="Also quiet ones", by=world.manager)
    with pytest.raises(EditConflict):
        explain_rule(rule=rule, expected_version=1, explanation="Late", by=world.manager)
    with pytest.raises(DomainError, match="on or after the first"):
        end_rule(rule=rule, on=date(2000, 1, 1), by=world.manager)
    ended = end_rule(rule=rule, on=TODAY(), by=world.manager)
    assert end_rule(rule=rule, on=TODAY() + timedelta(9), by=world.manager).ends_on == ended.ends_on
    assert add_rule(partnership=world.partnership, text=rule.text).pk != rule.pk, (
        "agreed on again, it is a new one"
    )


def test_a_rule_says_how_many_decisions_cite_it(world, as_, rule):
    meeting = Meeting.objects.create(
        partnership=world.partnership, board=world.board, held_on=date(2026, 3, 1)
    )
    for what in ("Open on Sundays", "Light the path"):
        Decision.objects.create(partnership=world.partnership, meeting=meeting, what=what, rule=rule)
    assert "Cited by 2 decisions" in as_("observer").get(page(world, "rule-list")).content.decode()
    html = as_("observer").get(page(world, "rule-detail", rule.pk)).content.decode()
    assert "Light the path" in html
    assert "Active Lives Board, 1 March 2026" in html


def test_a_rule_is_added_and_moved_on_pages(world, as_, rule):
    client = as_("manager")
    day = {"starts_on_day": "1", "starts_on_month": "2", "starts_on_year": "2026"}
    sent = client.post(page(world, "rule-new"), {"text": "Be kind", **day})
    assert sent.status_code == 302
    made = SimpleRule.objects.get(text="Be kind")
    assert client.post(page(world, "rule-move", made.pk), {"to": "up"}).status_code == 302
    assert rules_of(world.partnership).first() == made
    wrong = client.post(
        page(world, "rule-new"), {"text": "Be kinder", "starts_on_day": "31", "starts_on_month": "2"}
    )
    assert "Be kinder" in wrong.content.decode()
    assert client.post(page(world, "rule-new"), {"text": "a\x00b", **day}).status_code == 200


# --- Stories -------------------------------------------------------------------------------------------------------------
def told(world, **more):
    given = {
        "partnership": world.partnership,
        "text": "We met, and stayed.",
        "told_on": date(2025, 6, 1),
        "after_version": 1,
        "other_contributors": "Parents",
    }
    return tell_story(**given | more)


def test_each_telling_is_a_version_with_those_who_told_it(world, story):
    second = told(world)
    assert (second.number, story.number) == (2, 1)
    with pytest.raises(EditConflict, match="version 2"):
        told(world)
    for wrong, field in (
        ({"text": "We met, and stayed."}, "text"),
        ({"text": " "}, "text"),
        ({"text": "New", "other_contributors": " "}, "contributors"),
        ({"text": "New", "told_on": TODAY() + timedelta(1)}, "told_on"),
    ):
        with pytest.raises(DomainError) as refused:
            told(world, after_version=2, **wrong)
        assert refused.value.field == field


def test_the_story_is_told_and_compared_on_pages(world, as_, story):
    client, url = as_("manager"), page(world, "story-new")
    assert "We met." in client.get(url).content.decode()
    answers = {
        "text": "We met on Thursday.",
        "told_on": "2025-06-01",
        "contributors": [world.chair.pk],
        "after": 1,
    }
    assert client.post(url, answers).status_code == 302
    late = client.post(url, answers | {"text": "We met late."}).content.decode()
    assert "We met late." in late
    assert 'name="after" value="2"' in late
    newest = world.partnership.stories_of_us.first()
    html = as_("observer").get(page(world, "story-version", newest.pk) + "?with=1").content.decode()
    assert "<del>" in html
    assert "<ins>" in html
    assert "on Thursday." in html
    for odd in ("?with=99", "?with=x", f"?with={newest.number}"):
        assert as_("observer").get(page(world, "story-version", newest.pk) + odd).status_code == 200
    assert client.post(url, answers | {"contributors": [world.stranger.pk], "after": 2}).status_code == 200


# --- Strategies ----------------------------------------------------------------------------------------------------------
def test_what_aligns_to_a_theme_is_on_its_page(world, as_, strategy):
    theme = strategy.themes.first()
    outcome = add_outcome(partnership=world.partnership, title="More people move")
    world.programme.themes.add(theme)
    url = page(world, "theme-outcomes", theme.pk)
    assert as_("officer").get(url).status_code == 403
    assert as_("manager").post(url, {"outcomes": [outcome.pk]}).status_code == 302
    html = as_("observer").get(page(world, "strategy-detail", strategy.pk)).content.decode()
    assert "More people move" in html
    assert "Holiday club" in html
    with pytest.raises(DomainError, match="Something aligns"):
        remove_theme(theme=theme, by=world.manager)
    as_("manager").post(url, {})
    assert not OutcomeTheme.objects.exists()
    theirs = add_outcome(partnership=world.other, title="Theirs")
    assert as_("manager").post(url, {"outcomes": [theirs.pk]}).status_code == 200
    with pytest.raises(DomainError, match="this partnership"):
        align_outcomes(theme=theme, outcomes=[theirs], by=world.manager)


def test_strategies_and_themes_keep_their_rules(world, strategy):
    with pytest.raises(DomainError, match="already a strategy"):
        add_strategy(partnership=world.partnership, name="plan 2040")
    with pytest.raises(DomainError) as refused:
        edit_strategy(
            strategy=strategy,
            expected_version=1,
            by=None,
            name="Plan",
            from_year=2040,
            to_year=2024,
            summary="",
        )
    assert refused.value.field == "to_year"
    with pytest.raises(DomainError, match="already"):
        add_theme(strategy=strategy, name="MOVE", by=None)
    last = strategy.themes.last()
    assert rename_theme(theme=last, name="Belong here", by=None).name == "Belong here"
    remove_theme(theme=last, by=None)
    assert [theme.name for theme in strategy.themes.all()] == ["Move"]


def test_a_strategy_is_added_with_its_themes_one_a_line(world, as_):
    sent = {"name": "Health plan", "themes": "Prevent\r\n\r\n Care ", "from_year": "2023", "to_year": "2028"}
    assert as_("manager").post(page(world, "strategy-new"), sent).status_code == 302
    made = world.partnership.strategies.get(name="Health plan")
    assert [theme.name for theme in made.themes.all()] == ["Prevent", "Care"]
    bad = as_("manager").post(page(world, "strategy-new"), {"name": "X", "link": "javascript:alert(1)"})
    assert bad.status_code == 200
    long = as_("manager").post(page(world, "strategy-new"), {"name": "Y", "themes": "t" * 300})
    assert "200 characters or fewer" in long.content.decode()
    assert not world.partnership.strategies.filter(name="Y").exists(), "all or nothing"


# --- Agreements ----------------------------------------------------------------------------------------------------------
def test_the_list_is_by_renewal_and_says_what_is_overdue(world, as_, agreement):
    made = {"partnership": world.partnership, "kind": "grant", "parties": [world.organisation]}
    add_agreement(**made, title="Late", renews_on=TODAY() - timedelta(3))
    add_agreement(**made, title="Open ended")
    ended = add_agreement(**made, title="Over", renews_on=TODAY() - timedelta(900))
    end_agreement(agreement=ended, expected_version=1, on=TODAY(), by=None)
    order = [one.title for one in agreement_queries.agreements_of(world.partnership)]
    assert order == ["Late", "Sharing figures", "Open ended", "Over"]
    html = as_("observer").get(page(world, "agreement-list")).content.decode()
    for said in (
        "1 renewal overdue",
        "3 days ago",
        "Renewal soon",
        "in 30 days",
        "No renewal is set",
        "nobody looks after",
    ):
        assert said in html, said
    assert page(world, "agreement-new") not in html


def test_a_renewal_is_a_new_date_with_a_note(world, as_, agreement):
    client, url = as_("manager"), page(world, "agreement-renew", agreement.pk)
    later = TODAY() + timedelta(395)
    answers = {
        "renewed_on": TODAY().isoformat(),
        "renews_on": later.isoformat(),
        "note": "As it was",
        "version": 1,
    }
    assert client.post(url, answers).status_code == 302
    assert "Somebody else saved this" in client.post(url, answers).content.decode(), (
        "pressed twice, renewed once"
    )
    agreement.refresh_from_db()
    assert agreement.renews_on == later
    html = as_("observer").get(page(world, "agreement-detail", agreement.pk)).content.decode()
    assert "As it was" in html
    assert agreement.renewals.get().renews_on_before == TODAY() + timedelta(30)
    for wrong, field in (
        ({"renewed_on": TODAY() + timedelta(1)}, "renewed_on"),
        ({"renews_on": TODAY()}, "renews_on"),
        ({"renewed_on": date(2000, 1, 1)}, "renewed_on"),
    ):
        given = {"renewed_on": TODAY(), "renews_on": later} | wrong
        with pytest.raises(DomainError) as refused:
            renew_agreement(agreement=agreement, expected_version=2, by=None, **given)
        assert refused.value.field == field


def test_parties_and_owner_are_of_the_partnership(world, as_, agreement):
    theirs = add_organisation(partnership=world.other, name="Their Trust", sector=Sector.SPORT)
    client, url = as_("manager"), page(world, "agreement-edit", agreement.pk)
    answers = {"title": "Changed", "kind": "grant", "parties": [world.organisation.pk], "version": 1}
    assert client.post(url, answers | {"parties": [theirs.pk]}).status_code == 200
    assert client.post(url, answers | {"owner": world.stranger.pk}).status_code == 200
    assert client.post(url, answers | {"version": "x"}).status_code == 200
    assert client.post(url, answers).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.title, agreement.version) == ("Changed", 2)
    with pytest.raises(DomainError) as refused:
        edit_agreement(
            agreement=agreement,
            expected_version=2,
            by=None,
            title="Changed",
            parties=[theirs],
            signed_on=None,
            renews_on=None,
        )
    assert refused.value.field == "parties"


# --- Reminders -----------------------------------------------------------------------------------------------------------
def remind(world, mailoutbox, day, callbacks):
    with callbacks(execute=True):
        ask_for_agreement_reminders(today=day)
    for pk in AgreementReminder.objects.filter(sent_at=None).values_list("pk", flat=True):
        send_agreement_reminder(pk)
    return len(mailoutbox)


def test_the_owner_is_reminded_once_sixty_and_once_fourteen_days_before(
    world, agreement, mailoutbox, django_capture_on_commit_callbacks
):
    due = agreement.renews_on
    sent = [
        remind(world, mailoutbox, due - timedelta(days), django_capture_on_commit_callbacks)
        for days in (61, 60, 59, 14, 14, 3, -1)
    ]
    assert sent == [0, 1, 1, 2, 2, 2, 2]
    letter = mailoutbox[0]
    assert letter.to == [world.officer.email]
    assert "Sharing figures" in letter.subject
    assert reverse("agreement-detail", args=[world.partnership.slug, agreement.pk]) in letter.body


def test_who_has_left_and_what_was_renewed_meanwhile_are_not_written_to(
    world, agreement, mailoutbox, django_capture_on_commit_callbacks
):
    world.officer.memberships.update(ends_on=TODAY() - timedelta(1))
    day = agreement.renews_on - timedelta(10)
    assert remind(world, mailoutbox, day, django_capture_on_commit_callbacks) == 0
    world.officer.memberships.update(ends_on=None)
    Agreement.objects.filter(pk=agreement.pk).update(renews_on=day + timedelta(400))
    assert remind(world, mailoutbox, day, django_capture_on_commit_callbacks) == 0


def test_a_mail_that_was_refused_goes_out_later(
    world, agreement, mailoutbox, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(self):
        raise OSError("full")

    day = agreement.renews_on - timedelta(10)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert remind(world, mailoutbox, day, django_capture_on_commit_callbacks) == 0
    assert remind(world, mailoutbox, day, django_capture_on_commit_callbacks) == 1


# --- Contacts ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def contact(world):
    return add_contact(
        partnership=world.partnership,
        organisation=world.organisation,
        role="=Safeguarding",
        email="safe@testborough.example",
        starts_on=date(2025, 1, 1),
        by=world.manager,
    )


def test_the_register_shows_who_can_be_asked_and_leaves_out_who_no_longer_can(world, as_, contact):
    add_contact(
        partnership=world.partnership, organisation=world.organisation, role="Keys", person=world.officer
    )
    listed = page(world, "contact-list")
    html = as_("resident").get(listed).content.decode()
    assert "safe@testborough.example" in html
    assert world.officer.name in html
    assert "safe@testborough.example" not in as_("resident").get(listed + "?q=keys").content.decode()
    assert "No contact fits" in as_("resident").get(listed + "?q=nothing").content.decode()
    assert as_("resident").get(f"{listed}?organisation=999999").status_code == 200
    organisation = page(world, "organisation-detail", world.organisation.pk)
    assert "safe@testborough.example" in as_("observer").get(organisation).content.decode()
    end_contact(contact=contact, on=TODAY() - timedelta(1), by=world.manager)
    assert "safe@testborough.example" not in as_("resident").get(listed).content.decode()
    assert as_("stranger").get(listed).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_only_a_manager_takes_the_register_away_and_no_cell_runs(world, as_, contact, kind):
    url = page(world, "contact-export", kind)
    assert as_("officer").get(url).status_code == 403
    body = as_("manager").get(url).getvalue()
    assert len(body) > 100
    if kind == "csv":
        assert b"'=Safeguarding" in body


def test_a_contact_can_be_reached_and_is_changed_and_ended_on_pages(world, as_, contact):
    client = as_("manager")
    new = {"organisation": world.organisation.pk, "role": "Keys", "starts_on": "2026-01-01"}
    assert "Choose a person" in client.post(page(world, "contact-new"), new).content.decode()
    assert client.post(page(world, "contact-new"), new | {"phone": "01632 960 001"}).status_code == 302
    assert client.post(page(world, "contact-new"), new | {"person": world.stranger.pk}).status_code == 200
    url = page(world, "contact-edit", contact.pk)
    assert client.post(url, {"role": "Care", "email": "a@b.example", "version": 1}).status_code == 302
    with pytest.raises(EditConflict):
        edit_contact(contact=contact, expected_version=1, by=None, role="Late", phone="1")
    assert client.post(page(world, "contact-end", contact.pk), {"on": "2024-01-01"}).status_code == 200
    assert client.post(page(world, "contact-end", contact.pk), {"on": "2026-01-01"}).status_code == 302
    theirs = add_organisation(partnership=world.other, name="Their Trust", sector=Sector.SPORT)
    with pytest.raises(DomainError, match="from the list"):
        add_contact(partnership=world.partnership, organisation=theirs, role="Keys", phone="1")


# --- How often the pages ask ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name", ["about", "rule-list", "story", "strategy-list", "agreement-list", "contact-list", "place-list"]
)
def test_a_longer_page_takes_no_more_queries(world, as_, name, rule, story, strategy, agreement, contact):
    client = as_("manager")
    url = page(world, name)
    client.get(url)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    add_place(partnership=world.partnership, name="Place 0", kind="neighbourhood", parent=world.place)
    before = asked()
    for number in range(1, 6):
        body = add_organisation(partnership=world.partnership, name=f"Body {number}", sector=Sector.SPORT)
        person = add_person(name=f"Person {number}")
        add_rule(partnership=world.partnership, text=f"Rule {number}")
        told(world, text=f"Told {number}", after_version=number, contributors=[person, world.chair])
        add_strategy(
            partnership=world.partnership, name=f"Plan {number}", organisation=body, themes=["One", "Two"]
        )
        add_agreement(
            partnership=world.partnership, title=f"Terms {number}", kind="grant", parties=[body], owner=person
        )
        add_contact(partnership=world.partnership, organisation=body, role="Keys", person=person)
        add_place(
            partnership=world.partnership,
            name=f"Place {number}",
            kind="neighbourhood",
            parent=world.place,
            is_another=True,
        )
        add_board(partnership=world.partnership, name=f"Board {number}", level="strategic")
    assert asked() <= before
