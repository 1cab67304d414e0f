from datetime import date

import pytest
from django.urls import reverse

from partnerships.actions.activities import log_activity
from partnerships.actions.activity_templates import change_template, keep_template, remove_template
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Activity, ActivityTemplate


@pytest.fixture
def keep(world):
    def kept(name="Weekly call", by=None, **more):
        given = {"fields": {"title": ["Call with the trust"], "kind": ["call"]}} | more
        return keep_template(partnership=world.partnership, by=by or world.officer, name=name, **given)

    return kept


@pytest.fixture
def new(world):
    return reverse("activity-new", args=[world.partnership.slug])


def test_only_what_is_the_same_each_time_is_kept(keep, world):
    template = keep(
        fields={
            "title": ["Call"], "happened_on_day": ["3"], "next_step_on_day": ["4"], "csrfmiddlewaretoken": ["x"],
            "draft_page": ["tab"], "new_people": ["Jo"], "people": ["1", "2"], "what_happened": [""], "board": ["\x00"],
        }
    )  # fmt: skip
    assert template.fields == {"title": ["Call"], "people": ["1", "2"], "board": [""]}


def test_a_name_kept_again_holds_the_newer(keep):
    first = keep()
    again = keep("weekly CALL", fields={"title": ["Other"]}, is_shared=True)
    assert (again.pk, again.fields, again.is_shared, again.version) == (
        first.pk,
        {"title": ["Other"]},
        True,
        2,
    )


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\x00"])
def test_a_template_has_a_name(keep, name):
    with pytest.raises(DomainError):
        keep(name)


def test_nothing_and_too_much_are_refused(keep):
    for fields in ({}, {"title": [""]}, {"what_happened": ["x" * 200_000]}):
        with pytest.raises(DomainError):
            keep(fields=fields)


def test_two_who_change_it_at_once_are_told(keep, world):
    template = keep()
    change_template(template=template, expected_version=1, name="New", is_shared=True, by=world.officer)
    with pytest.raises(EditConflict):
        change_template(template=template, expected_version=1, name="Old", is_shared=False, by=world.officer)
    keep("Other")
    with pytest.raises(DomainError):
        change_template(
            template=template, expected_version=2, name="other", is_shared=False, by=world.officer
        )
    remove_template(template=template, by=world.officer)
    remove_template(template=template, by=world.officer)


def test_the_form_starts_from_it(as_, keep, new, world):
    template = keep(
        fields={
            "title": ["Call with the trust"], "kind": ["call"], "people": [str(world.chair.pk), "999999"],
            "minutes_hours": ["1"], "minutes_minutes": ["30"],
        }
    )  # fmt: skip
    page = as_("officer").get(new, {"blank": 1, "template": template.pk}).content.decode()
    assert 'value="Call with the trust"' in page
    assert '<option value="call" selected' in page
    assert 'name="minutes_hours" value="1"' in page
    assert 'name="minutes_minutes" value="30"' in page
    assert f'name="people" value="{world.chair.pk}"' in page
    for forged in ("x", "9" * 30, "0"):
        assert as_("officer").get(new, {"template": forged}).status_code == 200


def test_ones_own_stay_ones_own_until_shared(as_, keep, new, world):
    template = keep()
    url = reverse("activity-templates", args=[world.partnership.slug])
    assert "Weekly call" in as_("officer").get(url).content.decode()
    assert "Weekly call" not in as_("partner").get(url).content.decode()
    assert "Call with the trust" not in as_("partner").get(new, {"template": template.pk}).content.decode()
    change = reverse("activity-template-change", args=[world.partnership.slug, template.pk])
    assert as_("partner").get(change).status_code == 404
    as_("officer").post(change, {"name": "Weekly call", "is_shared": "on", "version": 1})
    assert "Weekly call" in as_("partner").get(url).content.decode()
    assert as_("partner").get(change).status_code == 403
    remove = reverse("activity-template-remove", args=[world.partnership.slug, template.pk])
    assert as_("partner").post(remove).status_code == 403
    as_("manager").post(remove)
    assert not ActivityTemplate.objects.exists()


def test_keeping_what_is_in_the_form_loses_nothing_and_logs_nothing(as_, new, world):
    typed = {
        "title": "Half a thou",
        "kind": "visit",
        "happened_on_day": "31",
        "happened_on_month": "",
        "next_step": "Ring",
    }
    page = (
        as_("officer").post(new, typed | {"keep_template": "yes", "template_name": "Visits"}).content.decode()
    )
    assert "Kept as the template “Visits”" in page
    assert 'value="Half a thou"' in page
    assert 'value="31"' in page
    assert ActivityTemplate.objects.get().fields["next_step"] == ["Ring"]
    page = as_("officer").post(new, typed | {"keep_template": "yes", "template_name": ""}).content.decode()
    assert "Enter a name for the template" in page
    assert 'value="Half a thou"' in page
    assert not Activity.objects.exists()


def test_an_activity_becomes_a_template(as_, new, world):
    activity = log_activity(
        partnership=world.partnership, by=world.officer, title="Walk", happened_on=date(2026, 1, 1), kind="visit",
        minutes=90, board=world.board, people=[world.chair], what_happened="Wet",
    )  # fmt: skip
    url = reverse("activity-template-keep", args=[world.partnership.slug, activity.pk])
    assert "Enter name" in as_("officer").post(url, {"name": ""}).content.decode()
    as_("officer").post(url, {"name": "Walks", "is_shared": "on"})
    template = ActivityTemplate.objects.get()
    page = as_("partner").get(new, {"template": template.pk}).content.decode()
    assert 'value="Walk"' in page
    assert 'name="minutes_hours" value="1"' in page
    assert f'<option value="{world.board.pk}" selected' in page
    assert "Wet</textarea>" in page.replace("\n", "")


def test_who_has_templates(as_, client, world, keep):
    url = reverse("activity-templates", args=[world.partnership.slug])
    assert "No templates yet" in as_("partner").get(url).content.decode()
    for who, status in {
        "manager": 200,
        "officer": 200,
        "partner": 200,
        "chair": 403,
        "observer": 403,
    }.items():
        assert as_(who).get(url).status_code == status
    assert as_(world.stranger).get(url).status_code == 404
    assert client.get(url).url.startswith(reverse("account_login"))


def test_many_templates_cost_what_one_does(as_, world, keep, django_assert_max_num_queries):
    url, client = reverse("activity-templates", args=[world.partnership.slug]), as_("officer")
    keep()
    client.get(url)
    with django_assert_max_num_queries(15) as few:
        client.get(url)
    for number in range(5):
        keep(f"Template {number}", by=world.partner, is_shared=True)
    with django_assert_max_num_queries(len(few)):
        client.get(url)
