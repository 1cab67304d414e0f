"""The contribution map: stepping stones in a line that never closes, evidence for and against, and what nobody may see by it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import contribution as actions
from outcomes.actions.setting_up import add_outcome, log_activity_for_outcomes
from outcomes.charts.flow import Flow, FlowBox, flow_chart
from outcomes.models import Contribution, ContributionEvidence, OtherExplanation, SteppingStone
from outcomes.queries.contribution import contribution_map
from partnerships.actions.activities import log_activity
from partnerships.actions.commitments import make_commitment
from partnerships.errors import DomainError, EditConflict
from partnerships.models import Visibility

RTL = "\u202eevil"


@pytest.fixture
def here(world):
    world.outcome = add_outcome(partnership=world.partnership, title="Everyone moves more", by=world.manager)
    world.last = stone(world, "People walk every day")
    world.first = stone(world, "People know the paths", leads_to=world.last)
    return world


def stone(here, title, **more):
    return actions.add_stone(outcome=here.outcome, title=title, by=here.officer, **more)


def shown(here, viewer=None):
    return contribution_map(here.outcome, here.partnership, viewer=viewer or here.officer)


def url(here, name, *more):
    return reverse(f"outcome-{name}", args=[here.partnership.slug, here.outcome.pk, *more])


def test_stones_stand_in_the_order_of_the_way_and_never_in_a_circle(here):
    beside = stone(here, "Paths are lit", leads_to=here.last)
    assert [(one.stone.title, one.steps) for one in shown(here).stones] == [
        ("People know the paths", 2),
        ("Paths are lit", 2),
        ("People walk every day", 1),
    ]
    for leads_to in (here.first, here.last):
        with pytest.raises(DomainError, match="lead back"):
            actions.edit_stone(
                stone=here.last, expected_version=1, title="X", leads_to=leads_to, by=here.officer
            )
    elsewhere = actions.add_stone(
        outcome=add_outcome(partnership=here.partnership, title="Another", by=here.manager),
        title="Far",
        by=here.officer,
    )
    with pytest.raises(DomainError, match="this outcome"):
        stone(here, "Near", leads_to=elsewhere)
    with pytest.raises(DomainError, match="already"):
        stone(here, " paths ARE lit ")
    actions.move_stone(stone=beside, up=True, by=here.officer)
    actions.move_stone(stone=beside, up=True, by=here.officer)
    assert [one.stone.pk for one in shown(here).stones][:2] == [beside.pk, here.first.pk]


def test_removing_a_stone_joins_what_was_before_it_to_what_came_after(here):
    earliest = stone(here, "Maps are printed", leads_to=here.first)
    actions.remove_stone(stone=here.first, by=here.officer)
    earliest.refresh_from_db()
    assert earliest.leads_to == here.last
    assert [one.stone for one in shown(here).stones] == [earliest, here.last]


def test_the_newest_look_is_shown_and_earlier_ones_stay_told(here):
    today = timezone.localdate()
    said = {"stone": here.first, "by": here.officer}
    actions.look_at_stone(**said, progress="reached", confidence="weak", note="Counted.", on=today)
    actions.look_at_stone(
        **said, progress="on_the_way", confidence="untested", note="Asked.", on=today - timedelta(90)
    )
    here.first.refresh_from_db()
    assert (here.first.progress, here.first.confidence, here.first.looked_at_on) == ("reached", "weak", today)
    assert len(shown(here).stones[0].looks) == 2
    for wrong in ({"on": today + timedelta(1), "note": "x"}, {"note": " "}):
        with pytest.raises(DomainError):
            actions.look_at_stone(**said, progress="reached", confidence="weak", **wrong)


def test_what_a_reader_may_not_see_leaves_no_trace_on_page_file_or_drawing(here, as_):
    quiet = log_activity_for_outcomes(
        partnership=here.partnership,
        by=here.officer,
        title="Quiet talks",
        happened_on=date(2025, 1, 1),
        visibility=Visibility.AUTHORS,
        outcomes=[here.outcome],
    )
    actions.add_contribution(stone=here.first, what=quiet, by=here.officer)
    actions.add_evidence(stone=here.first, what_it_shows="They agreed.", activity=quiet, by=here.officer)
    helps = Contribution.objects.get()
    for name in ("map", "map-file"):
        assert "Quiet talks" in as_("officer").get(url(here, name)).content.decode()
        others = as_("chair").get(url(here, name)).content.decode()
        assert "Quiet talks" not in others
        assert "They agreed." in others
    assert as_("evaluator").get(url(here, "help-edit", here.first.pk, helps.pk)).status_code == 404
    search = {"find": "Quiet", "finding": "1"}
    assert (
        "Quiet talks"
        not in as_("evaluator").post(url(here, "help-new", here.last.pk), search).content.decode()
    )
    forged = {"what": f"activity-{quiet.pk}", "strength": "weak"}
    assert as_("evaluator").post(url(here, "help-new", here.last.pk), forged).status_code == 200
    assert Contribution.objects.count() == 1
    shows = ContributionEvidence.objects.get()
    kept = {"what_it_shows": "They agreed in writing.", "points": "for", "strength": "weak", "version": 1}
    # What a browser would send is what the form holds.
    form = as_("evaluator").get(url(here, "evidence-edit", here.first.pk, shows.pk)).context["form"]
    kept |= {"what": form["what"].value() or ""}
    assert str(quiet.pk) not in kept["what"]
    assert as_("evaluator").post(url(here, "evidence-edit", here.first.pk, shows.pk), kept).status_code == 302
    shows.refresh_from_db()
    assert (shows.activity, shows.what_it_shows) == (quiet, "They agreed in writing.")


def test_activities_on_no_stone_are_told_until_they_stand_on_one(here):
    walk = log_activity_for_outcomes(
        partnership=here.partnership,
        by=here.officer,
        title="Walk",
        happened_on=date(2025, 1, 1),
        outcomes=[here.outcome],
    )
    assert [one.pk for one in shown(here).unlinked] == [walk.pk]
    first = actions.add_contribution(stone=here.first, what=walk, by=here.officer)
    assert actions.add_contribution(stone=here.first, what=walk, by=here.officer) == first
    assert (shown(here).unlinked, shown(here).unlinked_count) == ((), 0)


def test_things_of_another_partnership_are_refused(here, as_):
    theirs = log_activity(
        partnership=here.other, by=here.stranger, title="Theirs", happened_on=date(2025, 1, 1)
    )
    with pytest.raises(DomainError, match="this partnership"):
        actions.add_contribution(stone=here.first, what=theirs, by=here.officer)
    with pytest.raises(DomainError, match="this partnership"):
        actions.add_evidence(stone=here.first, what_it_shows="x", activity=theirs, by=here.officer)
    outcome = add_outcome(partnership=here.other, title="Theirs", by=here.stranger)
    far = actions.add_stone(outcome=outcome, title="Far", by=here.stranger)
    assert as_("officer").get(url(here, "stone-edit", far.pk)).status_code == 404
    assert as_(here.stranger).get(url(here, "map")).status_code == 404


def test_pages_draw_a_map_from_nothing(here, as_, client):
    officer, slug = as_("officer"), here.partnership.slug
    make_commitment(
        partnership=here.partnership, what="Print maps for <everyone>", owner=here.officer, by=here.officer
    )
    found = officer.post(
        url(here, "help-new", here.first.pk), {"find": "maps", "finding": "1"}
    ).content.decode()
    assert "Commitment: Print maps for &lt;everyone&gt;" in found
    key = f"commitment-{here.partnership.commitments.get().pk}"
    alone = officer.post(url(here, "help-new", here.first.pk), {"strength": "weak"}).content.decode()
    assert "Find what helps, and choose it" in alone
    odd = {"find": "\x00%_", "what": "activity-9999999999999999999999", "finding": "1"}
    assert officer.post(url(here, "help-new", here.first.pk), odd).status_code == 200
    sent = {"what": key, "how": "On every door", "strength": "weak"}
    assert officer.post(url(here, "help-new", here.first.pk), sent).status_code == 302
    evidence = {"what_it_shows": f"Nobody asked {RTL} 🚶", "points": "against", "strength": "moderate"}
    wrong = officer.post(url(here, "evidence-new", here.first.pk), evidence | {"url": "javascript:alert(1)"})
    assert wrong.status_code == 200
    assert officer.post(url(here, "evidence-new", here.first.pk), evidence).status_code == 302
    other = {"what": "A dry summer", "weight": "some", "stone": here.first.pk}
    assert officer.post(url(here, "explanation-new"), other).status_code == 302
    look = {
        "progress": "slipped",
        "confidence": "weak",
        "note": "The maps ran out.",
        "on": str(timezone.localdate()),
    }
    assert officer.post(url(here, "stone-look", here.first.pk), look).status_code == 302
    page = as_("chair").get(url(here, "map")).content.decode()
    for words in (
        "What speaks against it",
        "A dry summer",
        "S: Slipped back",
        "On every door",
        "nobody claims to have caused",
    ):
        assert words in page, words
    assert "Add evidence" not in page
    assert page.count("<svg") >= 1
    lines = b"".join(as_("chair").get(url(here, "map-file"))).decode("utf-8-sig").splitlines()
    assert len(lines) == 6
    for name, pk in (
        ("evidence-remove", ContributionEvidence.objects.get().pk),
        ("help-remove", Contribution.objects.get().pk),
    ):
        assert officer.post(url(here, name, here.first.pk, pk)).status_code == 302
    assert officer.post(url(here, "explanation-remove", OtherExplanation.objects.get().pk)).status_code == 302
    assert officer.post(url(here, "stone-remove", here.first.pk)).status_code == 302
    assert SteppingStone.objects.count() == 1
    assert as_("chair").get(url(here, "stone-new")).status_code == 403
    assert client.get(reverse("outcome-map", args=[slug, here.outcome.pk])).status_code == 302


def test_two_who_edit_at_once_are_told(here):
    actions.edit_stone(
        stone=here.first, expected_version=1, title="Known", leads_to=here.last, by=here.officer
    )
    with pytest.raises(EditConflict):
        actions.edit_stone(stone=here.first, expected_version=1, title="Unknown", by=here.manager)


def test_the_page_costs_no_more_queries_for_more_stones(here, as_, django_assert_max_num_queries):
    for number in range(8):
        actions.add_evidence(
            stone=stone(here, f"Step {number}", leads_to=here.first), what_it_shows="x", by=here.officer
        )
    chair = as_("chair")
    chair.get(url(here, "map"))
    with django_assert_max_num_queries(20):
        assert chair.get(url(here, "map")).status_code == 200


def test_boxes_of_a_drawing_never_overlap():
    leaf = FlowBox("What partners do " * 30, is_start=True)
    tree = FlowBox(
        "End",
        before=(FlowBox("A" * 300, ("W: On the way",), (leaf, FlowBox("B", ("x",), (leaf, leaf)))), leaf),
    )
    drawn = flow_chart(Flow(chart_id="x", title="<T>", end=tree))
    assert "&lt;T&gt;" in drawn
    assert drawn.count("<rect") == 1 + len(list(tree.all()))
    assert tree.depth == 2
