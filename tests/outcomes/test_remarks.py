"""Notes pinned to a measure's points, and the discussion below it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.remarks import LONGEST, Pin, remove_remark, take_back_remark, write_remark
from outcomes.models import Remark
from outcomes.queries.remarks import remarks_on
from partnerships.errors import DomainError
from tests.outcomes.groups_world import groups_of, measure_of, told

END = date(2024, 3, 31)


@pytest.fixture
def measure(world):
    made = measure_of(world)
    for year in (2021, 2022, 2023):
        told(world, made, year, [(None, 40 + year - 2021, 40, 100)])
    return made


@pytest.fixture
def pin(world):
    return Pin(world.place, date(2023, 4, 1), END)


def url(world, measure, name, *more):
    return reverse(name, args=[world.partnership.slug, measure.slug, *more])


def test_a_note_is_pinned_from_its_page_and_stands_on_the_chart(as_, world, measure):
    address = url(world, measure, "remark-new")
    html = as_("officer").get(f"{address}?at={END}").content.decode()
    assert 'value="2023-04-01/2024-03-31" selected' in html
    answer = as_("officer").post(
        address, {"period": "2023-04-01/2024-03-31", "text": "A new pool opened.\r\nAt last."}
    )
    said = Remark.objects.get()
    assert (said.place, said.period_label, said.author) == (world.place, "2023/24", world.officer)
    assert answer.url.endswith(f"#remark-{said.pk}")
    html = as_("chair").get(url(world, measure, "measure")).content.decode()
    assert "2023/24: A new pool opened. At last." in html
    assert "A number on a dotted upright line" in html
    assert f'id="remark-{said.pk}"' in html
    assert "Note 1 on the chart" in html


def test_input_is_kept_where_something_is_wrong(as_, world, measure):
    address = url(world, measure, "remark-new")
    html = as_("chair").post(address, {"period": "1999-01-01/1999-12-31", "text": "Keep me"}).content.decode()
    assert "Keep me" in html
    assert "Select a valid choice" in html
    html = as_("chair").post(address, {"text": "x" * 20_000}).content.decode()
    assert "3000 characters or fewer" in html
    assert "x" * 20_000 in html
    assert not Remark.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n ", "a\x00b", "y" * (LONGEST + 1)])
def test_the_action_refuses_what_is_no_text(world, measure, text):
    with pytest.raises(DomainError):
        write_remark(measure=measure, text=text, by=world.chair)


def test_a_point_without_a_figure_cannot_be_pinned_to(world, measure):
    with pytest.raises(DomainError, match="has a figure"):
        write_remark(
            measure=measure, text="Here", by=world.chair, pin=Pin(world.elsewhere, date(2023, 4, 1), END)
        )


def test_answers_stand_on_one_level(as_, world, measure, pin):
    first = write_remark(measure=measure, text="Why?", by=world.chair, pin=pin)
    answer = write_remark(measure=measure, text="Rain.", by=world.officer, reply_to=first)
    address = url(world, measure, "remark-answer", answer.pk)
    assert "Rain." in as_("partner").get(address).content.decode()
    assert as_("partner").post(address, {"text": "And more rain 🌧."}).status_code == 302
    (thread,) = remarks_on(measure, world.place, as_of=timezone.now()).pinned
    assert [said.text for said in thread.replies] == ["Rain.", "And more rain 🌧."]


def test_what_is_taken_back_is_gone_everywhere_but_for_its_place(as_, world, measure, pin):
    said = write_remark(measure=measure, text="Mrs Example of Mill Lane", by=world.partner, pin=pin)
    write_remark(measure=measure, text="Please no names.", by=world.chair, reply_to=said)
    as_("partner").post(url(world, measure, "remark-take-back", said.pk))
    html = as_("chair").get(url(world, measure, "measure")).content.decode()
    assert "Mrs Example" not in html
    assert "The author took this back." in html
    assert "Please no names." in html
    assert "dotted upright line" not in html
    assert not Remark.pgh_event_model.objects.filter(text__contains="Mrs Example").exists()
    with pytest.raises(DomainError, match="taken back"):
        write_remark(measure=measure, text="Hm", by=world.chair, reply_to=said)


def test_only_its_author_takes_back_and_only_managers_remove(as_, world, measure):
    said = write_remark(measure=measure, text="Mine", by=world.partner)
    as_("chair").post(url(world, measure, "remark-take-back", said.pk))
    assert Remark.objects.get().text == "Mine"
    assert as_("chair").post(url(world, measure, "remark-remove", said.pk)).status_code == 403
    as_("manager").post(url(world, measure, "remark-remove", said.pk))
    gone = Remark.objects.get()
    assert (gone.text, gone.withdrawn_by) == ("A manager removed this.", world.manager)
    assert take_back_remark(remark=gone, by=world.partner).text == gone.text
    assert remove_remark(remark=gone, by=world.manager).withdrawn_at == gone.withdrawn_at


def test_a_note_about_a_group_names_it_and_is_no_pin_of_the_total(as_, world, measure):
    (women,) = groups_of(world, "Sex", ("Women",))
    told(world, measure, 2023, [(women, 38, 38, 100)])
    address = url(world, measure, "remark-new") + f"?group={women.pk}"
    assert "2023/24: 38.0%" in as_("chair").get(address).content.decode()
    as_("chair").post(address, {"period": "2023-04-01/2024-03-31", "text": "Night shifts."})
    assert Remark.objects.get().group == women
    html = as_("chair").get(url(world, measure, "measure")).content.decode()
    assert "2023/24, Women" in html
    assert "dotted upright line" not in html
    assert as_("chair").get(url(world, measure, "remark-new") + "?group=0").status_code == 404


def test_who_may_write_and_who_may_not(as_, client, world, measure):
    said = write_remark(measure=measure, text="Mine", by=world.partner)
    for name, more in (("remark-new", ()), ("remark-answer", (said.pk,))):
        address = url(world, measure, name, *more)
        assert as_("observer").get(address).status_code == 403
        assert as_("stranger").get(address).status_code == 404
        assert client.get(address).status_code == 302
    html = as_("observer").get(url(world, measure, "measure")).content.decode()
    assert "Mine" in html
    assert "Answer" not in html


def test_a_remark_of_another_measure_is_not_found(as_, world, measure):
    said = write_remark(measure=measure_of(world, name="Another"), text="Elsewhere", by=world.partner)
    assert as_("chair").get(url(world, measure, "remark-answer", said.pk)).status_code == 404


def test_an_earlier_day_shows_what_had_been_said_by_then(world, measure):
    now = timezone.now()
    write_remark(measure=measure, text="Old", by=world.chair, written_at=now - timedelta(days=9))
    write_remark(measure=measure, text="New", by=world.chair, written_at=now - timedelta(days=1))
    said = remarks_on(measure, world.place, as_of=now - timedelta(days=5)).discussion
    assert [one.text for one in said] == ["Old"]
