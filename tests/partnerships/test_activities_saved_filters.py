import pytest
from django.urls import reverse

from partnerships.actions import saved_filters as actions
from partnerships.actions.saved_filters import remove_filter, save_filter
from partnerships.errors import DomainError
from partnerships.models import SavedFilter


@pytest.fixture
def save(world):
    def saved(name="Visits", query="kind=visit", by=None):
        return save_filter(partnership=world.partnership, by=by or world.officer, name=name, query=query)

    return saved


@pytest.fixture
def url(world):
    return reverse("activity-filters", args=[world.partnership.slug])


@pytest.fixture
def log_url(world):
    return reverse("activity-list", args=[world.partnership.slug])


def test_a_name_holds_its_newest_filters_whatever_its_case(save):
    first = save()
    again = save("  VISITS ", "kind=call")
    assert (again.pk, again.name, again.query) == (first.pk, "VISITS", "kind=call")
    assert SavedFilter.objects.count() == 1


def test_names_are_each_persons_own(save, world):
    save()
    save(by=world.manager, query="kind=call")
    assert SavedFilter.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "query"), [("", "kind=visit"), (" ", "kind=visit"), ("x" * 61, "kind=visit"), ("a\x00", "q=b"), ("Name", ""), ("Name", "q" * 1001)]
)  # fmt: skip
def test_what_cannot_be_saved_is_said(save, name, query):
    with pytest.raises(DomainError):
        save(name, query)
    assert not SavedFilter.objects.exists()


def test_there_is_a_largest_number(save, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)
    save()
    with pytest.raises(DomainError):
        save("Another")
    assert save(query="kind=call").query == "kind=call"


def test_nobody_removes_what_is_another_persons(save, world):
    kept = save()
    remove_filter(partnership=world.partnership, by=world.manager, pk=kept.pk)
    remove_filter(partnership=world.other, by=world.officer, pk=kept.pk)
    assert SavedFilter.objects.get() == kept
    remove_filter(partnership=world.partnership, by=world.officer, pk=kept.pk)
    remove_filter(partnership=world.partnership, by=world.officer, pk=kept.pk)
    assert not SavedFilter.objects.exists()


def test_filters_in_use_are_saved_found_again_and_removed(as_, url, log_url, world):
    client = as_("observer")
    answer = client.post(url, {"name": "Visits <b>", "query": "board=&kind=visit&programme=999&unknown=1"})
    assert answer.url == f"{log_url}?kind=visit"
    saved = SavedFilter.objects.get()
    assert (saved.person, saved.query) == (world.observer, "kind=visit")
    page = client.get(log_url).content.decode()
    assert '<a class="tl-chip-button" href="?kind=visit">Visits &lt;b&gt;</a>' in page
    assert 'aria-current="page">Visits &lt;b&gt;</a>' in client.get(answer.url).content.decode()
    assert "Visits &lt;b&gt;" not in as_("officer").get(log_url).content.decode()
    client.post(url, {"remove": saved.pk, "query": "kind=visit"})
    assert not SavedFilter.objects.exists()


def test_without_a_filter_or_a_name_nothing_is_saved_and_it_is_said(as_, url):
    client = as_("officer")
    assert (
        "Choose at least one filter first" in client.post(url, {"name": "All"}, follow=True).content.decode()
    )
    answer = client.post(url, {"query": "kind=visit"}, follow=True).content.decode()
    assert "Enter a name for these filters" in answer
    assert not SavedFilter.objects.exists()


def test_who_may_save(as_, client, url, world):
    assert as_(world.stranger).post(url, {"name": "x"}).status_code == 404
    assert client.post(url, {"name": "x"}).status_code == 302
    assert as_("officer").get(url).status_code == 405
