"""Charts on other websites: who may give them away, what stands there, and how it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.actions.commentaries import write_commentary
from outcomes.actions.embeds import allow_embedding, end_embed, make_embed
from outcomes.actions.remarks import Pin, write_remark
from outcomes.models import MeasureEmbed
from outcomes.queries.embeds import address_of, code_of
from partnerships.errors import DomainError
from tests.outcomes.groups_world import measure_of, neighbourhood, told


@pytest.fixture
def measure(world):
    made = measure_of(world, source="Survey of residents", licence="OGL")
    for year in (2021, 2022, 2023):
        told(world, made, year, [(None, 40 + year - 2021, 40, 100)])
    return made


@pytest.fixture
def embed(world, measure):
    allow_embedding(partnership=world.partnership, allows=True, by=world.manager)
    return make_embed(measure=measure, place=world.place, shown_where="Council website", by=world.manager)


def public(embed):
    return Client().get(address_of(embed).removeprefix(settings.BASE_URL))


def test_anybody_sees_the_chart_in_a_frame_without_a_cookie(embed):
    answer = public(embed)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert not answer.cookies
    for part in ("<svg", "42.0%", "Survey of residents", "As known on", "Testborough Together", "<table"):
        assert part in html
    assert "<script" not in html


def test_no_other_page_may_stand_in_a_frame(as_, world, measure):
    for address in (reverse("measure", args=[world.partnership.slug, measure.slug]), "/account/login/"):
        answer = as_("chair").get(address)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


def test_nothing_that_was_said_inside_goes_out(world, measure, embed):
    pin = Pin(world.place, date(2023, 4, 1), date(2024, 3, 31))
    write_remark(measure=measure, text="Pinned secret", by=world.chair, pin=pin)
    write_remark(measure=measure, text="Discussed secret", by=world.chair)
    write_commentary(measure=measure, story="Story secret", by=world.chair)
    html = public(embed).content.decode()
    assert "secret" not in html
    assert world.chair.name not in html


def test_small_counts_stay_hidden_with_what_protects_them(world):
    counted = measure_of(world, name="Children", unit="children", decimals=0, rule="sum", hide_below=5)
    elm, oak, ash = (neighbourhood(world, name) for name in ("Elm", "Oak", "Ash"))
    told(world, counted, 2023, [(None, 1600, None, None), (elm, 860, None, None), (oak, 737, None, None), (ash, 3, None, None)])  # fmt: skip
    allow_embedding(partnership=world.partnership, allows=True, by=world.manager)
    made = make_embed(measure=counted, place=oak, shown_where="Here", by=world.manager)
    html = public(made).content.decode()
    assert "737" not in html
    assert "Hidden" in html


def test_an_ended_address_says_so_and_an_unknown_one_is_not_found(world, embed):
    assert Client().get("/embed/nothing/").status_code == 404
    end_embed(embed=embed, by=world.manager)
    answer = public(embed)
    assert answer.status_code == 410
    assert "no longer shown" in answer.content.decode()
    assert "42.0%" not in answer.content.decode()


def test_a_day_gone_by_and_the_switch_close_it_too(world, embed):
    MeasureEmbed.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert public(embed).status_code == 410
    MeasureEmbed.objects.update(ends_on=timezone.localdate())
    assert public(embed).status_code == 200
    allow_embedding(partnership=world.partnership, allows=False, by=world.manager)
    assert public(embed).status_code == 410


def test_the_database_keeps_no_address_that_would_open_it(embed):
    token = address_of(embed).rstrip("/").rsplit("/", 1)[1]
    assert token not in (embed.nonce, embed.token_hash)
    assert len(token) >= 40


def test_what_is_refused(world, measure):
    given = {"measure": measure, "place": world.place, "by": world.manager}
    with pytest.raises(DomainError, match="does not allow"):
        make_embed(**given, shown_where="Here")
    allow_embedding(partnership=world.partnership, allows=True, by=world.manager)
    with pytest.raises(DomainError, match="Say where"):
        make_embed(**given, shown_where="  ")
    with pytest.raises(DomainError, match="past"):
        make_embed(**given, shown_where="Here", ends_on=timezone.localdate() - timedelta(days=1))
    make_embed(**given, shown_where="Here")
    with pytest.raises(DomainError, match="already"):
        make_embed(**given, shown_where="here")


def test_a_manager_switches_it_on_makes_an_address_and_ends_it(as_, world, measure):
    slug = world.partnership.slug
    manager, mine = as_("manager"), reverse("measure-embeds", args=[slug, measure.slug])
    assert "does not allow" in manager.get(mine).content.decode()
    manager.post(reverse("embed-allow", args=[slug]), {"allows": "yes"})
    answer = manager.post(mine, {"shown_where": "<b>Council</b>", "place": world.place.pk}, follow=True)
    made = MeasureEmbed.objects.get()
    html = answer.content.decode()
    assert "&lt;b&gt;Council" in html
    assert "&lt;iframe src=" in html
    assert 'title="Active adults, Testborough"' in code_of(made)
    assert "Council" in manager.get(reverse("embed-list", args=[slug])).content.decode()
    manager.post(reverse("embed-end", args=[slug, made.pk]))
    assert public(made).status_code == 410
    assert manager.post(mine, {"shown_where": "", "place": world.elsewhere.pk}).status_code == 200
    assert MeasureEmbed.objects.count() == 1


def test_others_may_not(as_, client, world, measure, embed):
    slug = world.partnership.slug
    for address in (reverse("measure-embeds", args=[slug, measure.slug]), reverse("embed-list", args=[slug])):
        assert as_("officer").get(address).status_code == 403
        assert as_("stranger").get(address).status_code == 404
        assert client.get(address).status_code == 302
    assert as_("officer").post(reverse("embed-allow", args=[slug])).status_code == 403
    assert as_("officer").post(reverse("embed-end", args=[slug, embed.pk])).status_code == 403
