import json

import pytest
from django.urls import reverse

from partnerships.actions import drafts as actions
from partnerships.actions.activities import log_activity
from partnerships.actions.drafts import DraftGone, DraftKey, DraftTooLong, discard_draft, keep_draft
from partnerships.errors import DomainError
from partnerships.models import Draft


@pytest.fixture
def keep(world):
    def kept(page="tab-a", title="Walk", draft=None, version=0, form="activity:new", by=None):
        return keep_draft(
            partnership=world.partnership,
            by=by or world.officer,
            key=DraftKey(form, page, draft, version),
            fields={"title": [title]},
        )

    return kept


# --- Rules -------------------------------------------------------------------------------------------------------
def test_a_page_writes_over_its_own_text(keep):
    first = keep().draft
    second = keep(title="Walk to the canal", draft=first.pk, version=first.version).draft
    assert (second.pk, second.fields, second.version) == (first.pk, {"title": ["Walk to the canal"]}, 2)
    # The answer to the first save was lost on the way: the page does not know its draft's id yet.
    assert keep(title="Walk there").draft.pk == first.pk
    assert Draft.objects.get().fields == {"title": ["Walk there"]}


def test_an_older_page_never_wipes_newer_text_and_both_are_kept(keep):
    begun = keep("tab-a", "Begun").draft
    newer = keep("tab-b", "Newer", draft=begun.pk, version=begun.version)
    assert (newer.draft.pk, newer.is_apart) == (begun.pk, False)
    older = keep("tab-a", "Older", draft=begun.pk, version=begun.version)
    assert older.is_apart
    assert {draft.fields["title"][0] for draft in Draft.objects.all()} == {"Newer", "Older"}
    # From now on each page goes on in its own.
    assert keep("tab-a", "Older still", draft=older.draft.pk, version=older.draft.version).is_apart is False
    assert {draft.fields["title"][0] for draft in Draft.objects.all()} == {"Newer", "Older still"}


def test_a_draft_that_was_saved_or_discarded_elsewhere_does_not_come_back(keep, world):
    draft = keep().draft
    discard_draft(partnership=world.partnership, by=world.officer, form="activity:new", draft=draft.pk)
    with pytest.raises(DraftGone):
        keep("tab-b", draft=draft.pk, version=1)
    assert not Draft.objects.exists()


def test_saving_drops_the_draft_it_came_from_and_no_other(keep, world):
    begun = keep("tab-a", "Begun").draft
    other = keep("tab-c", "Other").draft
    log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Begun",
        happened_on=world.partnership.started_on,
        draft=DraftKey("activity:new", "tab-b", begun.pk, begun.version),
    )
    assert Draft.objects.get() == other


def test_saving_from_an_older_page_leaves_newer_text_of_another(keep, world):
    begun = keep("tab-a", "Begun").draft
    keep("tab-b", "Newer", draft=begun.pk, version=begun.version)
    log_activity(
        partnership=world.partnership,
        by=world.officer,
        title="Begun",
        happened_on=world.partnership.started_on,
        draft=DraftKey("activity:new", "tab-a", begun.pk, begun.version),
    )
    assert Draft.objects.get().fields == {"title": ["Newer"]}


def test_nobody_touches_the_draft_of_another(keep, world):
    draft = keep().draft
    discard_draft(partnership=world.partnership, by=world.manager, form="activity:new", draft=draft.pk)
    with pytest.raises(DraftGone):
        keep("tab-b", draft=draft.pk, version=1, by=world.manager)
    assert Draft.objects.get().person == world.officer


def test_a_draft_has_a_largest_size_and_a_person_a_largest_number(keep, monkeypatch):
    with pytest.raises(DraftTooLong):
        keep(title="é" * 100_001)
    monkeypatch.setattr(actions, "MOST_DRAFTS", 2)
    keep("tab-a")
    keep("tab-b")
    with pytest.raises(DomainError):
        keep("tab-c")
    assert keep("tab-a", "Still mine").draft.fields == {"title": ["Still mine"]}


def test_what_the_database_cannot_hold_is_left_out_and_the_rest_is_kept(keep):
    assert keep(title="Wa\x00lk \ud800 🏊").draft.fields == {"title": ["Walk ? 🏊"]}


@pytest.mark.parametrize(
    "form", ["", "activity", "activity:", "activity:x", "activity:new;", "a:1\n", "a" * 40 + ":1"]
)
def test_a_form_without_a_proper_name_has_no_draft(form):
    with pytest.raises(DomainError):
        DraftKey(form, "tab")


# --- The address that scripts send to ----------------------------------------------------------------------------
@pytest.fixture
def url(world):
    return reverse("activity-draft", args=[world.partnership.slug])


SENT = {
    "draft_form": "activity:new",
    "draft_page": "tab-a",
    "draft_id": "",
    "draft_version": "0",
    "title": "Walk",
}


def test_a_form_is_kept_and_the_answer_says_where(as_, url):
    client = as_("officer")
    answer = client.post(url, SENT | {"organisations": ["1", "2"], "csrfmiddlewaretoken": "x"})
    draft = Draft.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {"message": "", "fields": {"draft_id": str(draft.pk), "draft_version": "1"}}
    assert draft.fields == {"title": ["Walk"], "organisations": ["1", "2"]}
    again = client.post(url, SENT | answer.json()["fields"] | {"title": "Walk on"})
    assert again.json()["fields"]["draft_version"] == "2"
    assert Draft.objects.get().fields == {"title": ["Walk on"]}


def test_json_is_kept_too(as_, url):
    body = {"draft_form": "activity:7", "draft_page": "t", "fields": {"title": "Walk", "people": ["3", 4]}}
    answer = as_("officer").post(url, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200
    assert Draft.objects.get().fields == {"title": ["Walk"], "people": ["3", "4"]}


@pytest.mark.parametrize(
    "body",
    ["", "[", "[]", "null", '{"fields": 3}', '{"fields": {}}', "[" * 99_999, '{"fields": {"a": {"b": 1}}}'],
)
def test_a_body_that_makes_no_sense_is_refused_in_words(as_, url, body):
    answer = as_("officer").post(url, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert not Draft.objects.exists()


def test_a_second_tab_is_told_that_both_texts_are_kept(as_, url):
    client = as_("officer")
    begun = client.post(url, SENT).json()["fields"]
    client.post(url, SENT | begun | {"draft_page": "tab-b", "title": "Newer"})
    told = client.post(url, SENT | begun | {"title": "Older"}).json()
    assert "second draft" in told["message"]
    assert Draft.objects.count() == 2


def test_too_long_and_gone_each_have_an_answer_of_their_own(as_, url):
    client = as_("officer")
    long = client.post(url, SENT | {"title": "x" * 200_001})
    assert long.status_code == 413
    assert "200 KB" in long.json()["message"]
    gone = client.post(url, SENT | {"draft_id": "99"})
    assert gone.status_code == 409
    assert gone.json()["fields"] == {"draft_id": "", "draft_version": "0"}


@pytest.mark.parametrize(
    "bad", [{"draft_page": "a b"}, {"draft_form": "x"}, {"draft_id": "9" * 5000}, {"draft_version": "-1"}]
)
def test_tampered_bookkeeping_is_never_an_error_of_ours(as_, url, bad):
    assert as_("officer").post(url, SENT | bad).status_code in {200, 400}


def test_who_may_keep_drafts(as_, client, url, world):
    assert client.post(url, SENT).status_code == 401
    assert as_("observer").post(url, SENT).status_code == 403
    assert as_(world.stranger).post(url, SENT).status_code == 404
    assert as_("officer").get(url).status_code == 405
    assert as_("partner").post(url, SENT).status_code == 200


def test_a_forged_request_keeps_nothing(world, url):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(world.officer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(url, SENT).status_code == 403
    assert not Draft.objects.exists()


def test_signing_out_while_typing_does_not_disturb_the_text_kept_for_the_form_itself(client, url):
    client.post(url, SENT)
    assert "kept_form" not in client.session


# --- Discarding --------------------------------------------------------------------------------------------------
def test_discarding_is_a_post_and_leads_back_to_an_empty_form(as_, keep, world):
    draft = keep().draft
    url = reverse("activity-draft-discard", args=[world.partnership.slug])
    client = as_("officer")
    assert client.get(url).status_code == 405
    answer = client.post(url, {"draft_form": "activity:new", "draft_id": draft.pk})
    assert answer.url == reverse("activity-new", args=[world.partnership.slug])
    assert not Draft.objects.exists()
    answer = client.post(url, {"draft_form": "activity:31", "draft_id": "x"})
    assert answer.url == reverse("activity-edit", args=[world.partnership.slug, 31])
