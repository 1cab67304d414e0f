"""Frameworks: read from files, loaded again, shared, linked, copied and kept up with."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import Workbook

from outcomes.actions.framework_links import copy_item, keep_our_words, link_outcome, take_new_words
from outcomes.actions.frameworks import end_framework, load_framework, share_outcomes
from outcomes.actions.setting_up import add_outcome, edit_outcome
from outcomes.imports.frameworks import Item, Wrong, read_items, read_text
from outcomes.models import Framework, FrameworkItem, Outcome, OutcomeLink
from outcomes.queries.frameworks import items_of, standings
from partnerships.errors import DomainError, EditConflict
from people.actions.memberships import add_person, give_role
from people.permissions import HUMAN_ROLES, Role

SLUG = "testborough-together"
FILE = "code,title,description,parent\nA,Living well,,\nA1,People move,Every day,A\nA2,People rest,,A\n"


def url(name, *args, slug=SLUG):
    return reverse(name, args=[slug, *args])


def read(text, encoding="utf-8"):
    return read_items(io.BytesIO(text.encode(encoding)))


@pytest.fixture
def national(db):
    return load_framework(name="National", edition="2026", items=read(FILE)).framework


@pytest.fixture
def here(world, national):
    world.outcome = add_outcome(
        partnership=world.partnership, title="Everyone moves more", description="Daily", by=world.manager
    )
    world.national = national
    world.item = national.items.get(code="A1")
    world.neighbour = add_person(name="Their manager", email="manager@otherborough.example")
    give_role(partnership=world.other, person=world.neighbour, role=Role.MANAGER, starts_on=date(2020, 1, 1))
    return world


# --- Files -----------------------------------------------------------------------------------------------------------
def test_a_file_is_read_whatever_wrote_it():
    expected = [
        Item("A", "Living well"),
        Item("A1", "Café, moving", "Two\nlines", "A"),
    ]
    text = 'Ref;Name;Description;Parent code\nA;Living well;;\nA1;"Café, moving";"Two \n lines";A\n;;;\n'
    assert read("\ufeff" + text) == expected
    assert read(text.replace("\n", "\r\n"), "cp1252") == expected
    book = Workbook()
    book.active.title = "Cover"
    book.active["A1"] = "A framework"
    sheet = book.create_sheet("Items")
    for row in (
        ["Code", "Title", "Description", "Parent"],
        ["A", "Living well"],
        ["A1", "Café, moving", "Two\nlines", "A"],
    ):
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    assert read_items(held) == expected


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("A,,x,", "Row 2: there is no title."),
        (",One,x,", "Row 2: there is no code."),
        ("A,One,,\na,Two,,", "Row 3: code “a” is in row 2 already."),
        ("A,One,,B", "Row 2: it is part of “B”, which is no code of this file."),
        ("A,One,,B\nB,Two,,A", "Row 2: “A” would be part of itself."),
        (f"A,{'x' * 301},,", "Row 2: the title is longer than 300 characters."),
        (f"{'x' * 41},One,,", "Row 2: the code is longer than 40 characters."),
    ],
)
def test_what_is_wrong_is_said_row_by_row(rows, said):
    with pytest.raises(Wrong) as told:
        read(f"code,title,description,parent\n{rows}\n")
    assert said in told.value.said


@pytest.mark.parametrize("text", ["", "one,two\n1,2\n", "code,title\n"])
def test_a_file_without_items_is_refused(text):
    with pytest.raises(DomainError):
        read(text)


def test_what_goes_into_a_preview_comes_out_the_same():
    from outcomes.imports.frameworks import as_text

    items = [Item("A", 'Say "it", ok', "a\nb"), Item("B", "=1+1", "", "A")]
    assert read_text(as_text(items)) == items


def test_marks_at_the_ends_of_a_descriptions_lines_are_no_columns():
    from outcomes.imports.frameworks import as_text

    items = [Item(f"A{n}", "Move", "walk;\nrun;\nswim;\nride;\nrest;") for n in range(3)]
    assert read(as_text(items)) == items
    assert read_text(as_text(items)) == items


# --- Loading ---------------------------------------------------------------------------------------------------------
def test_the_same_again_changes_nothing_and_a_later_edition_ends_what_is_gone(here):
    link = link_outcome(outcome=here.outcome, item=here.item, by=here.manager)
    again = load_framework(name="National", edition="2026", items=read(FILE))
    assert (again.framework, again.sentence) == (here.national, "Nothing changed.")
    later = load_framework(
        name="National",
        edition="2027",
        items=[Item("A", "Living better"), Item("A2", "People rest"), Item("A3", "People eat", "", "A")],
    )
    assert (later.framework, later.sentence) == (here.national, "1 new, 2 changed, 1 ended.")
    assert later.changed == ("Living better", "People rest")
    assert (later.ended, Framework.objects.get().edition) == (("People move",), "2027")
    assert OutcomeLink.objects.get() == link
    back = load_framework(name="National", edition="2028", items=read(FILE))
    assert FrameworkItem.objects.get(code="A1").ended_on is None
    assert "People move" in back.changed


def test_the_command_loads_for_everybody_and_says_what_is_wrong(world, tmp_path, capsys):
    path = tmp_path / "national.csv"
    path.write_bytes("code,title,description,parent\nA,Caf\xe9,,\n".encode("cp1252"))
    options = {
        "name": "National",
        "publisher": "The nation",
        "url": "https://example.org/x",
        "licence": "OGL",
    }
    call_command("import_framework", path, **options)
    call_command("import_framework", path, **options)
    assert "Nothing changed." in capsys.readouterr().out
    found = Framework.objects.get()
    assert (found.shared_by, found.publisher, found.items.get().title) == (None, "The nation", "Café")
    path.write_text("code,title\nA,\nA,x\n")
    with pytest.raises(CommandError, match=r"Row 2: there is no title\.\nRow 3: code"):
        call_command("import_framework", path, name="National")
    path.write_text("code,title\nA,x\n")
    with pytest.raises(CommandError, match="begins with https"):
        call_command("import_framework", path, name="National", url="javascript:alert(1)")
    with pytest.raises(CommandError, match="can't be opened"):
        call_command("import_framework", tmp_path / "none.csv", name="National")
    call_command("end_framework", "National")
    assert Framework.objects.get().ended_on is not None
    with pytest.raises(CommandError):
        call_command("end_framework", "National")


# --- Sharing ---------------------------------------------------------------------------------------------------------
def test_our_outcomes_are_shared_again_with_what_changed(here):
    second = add_outcome(partnership=here.partnership, title="Nobody is lonely", by=here.manager)
    share = {"partnership": here.partnership, "name": "Ours", "by": here.manager}
    first = share_outcomes(outcomes=[here.outcome, second], **share)
    assert first.added == ("Everyone moves more", "Nobody is lonely")
    edit_outcome(outcome=here.outcome, expected_version=1, title="All move", by=here.manager)
    again = share_outcomes(outcomes=[here.outcome], **share | {"name": "Our outcomes"})
    assert (again.framework, str(again.framework)) == (first.framework, "Our outcomes")
    assert (again.added, again.changed, again.ended) == ((), ("All move",), ("Nobody is lonely",))
    with pytest.raises(DomainError, match="one of your own"):
        link_outcome(outcome=here.outcome, item=again.framework.items.first(), by=here.manager)
    with pytest.raises(DomainError, match="Choose another"):
        load_framework(name="Our outcomes", items=[Item("x", "y")], shared_by=here.partnership)
    theirs = add_outcome(partnership=here.other, title="Theirs")
    for outcomes in ([], [theirs]):
        with pytest.raises(DomainError):
            share_outcomes(outcomes=outcomes, **share)


def test_a_neighbour_reads_what_is_shared_and_nothing_else(here, as_):
    link_outcome(outcome=here.outcome, item=here.item, by=here.manager)
    done = share_outcomes(
        partnership=here.partnership, outcomes=[here.outcome], name="Ours to copy", by=here.manager
    )
    hidden = add_outcome(partnership=here.partnership, title="Not shared with anybody", by=here.manager)
    client, theirs = as_(here.neighbour), here.other.slug
    assert "Ours to copy" in client.get(url("framework-list", slug=theirs)).content.decode()
    pages = [
        client.get(url(name, done.framework.pk, slug=theirs))
        for name in ("framework-detail", "framework-file")
    ]
    pages.append(client.get(url("framework-detail", here.national.pk, slug=theirs)))
    for page in pages:
        assert page.status_code == 200
        assert hidden.title not in page.content.decode()
    assert here.outcome.title in pages[0].content.decode()
    assert here.outcome.title not in pages[2].content.decode()
    for path in (
        url("outcome-detail", here.outcome.pk, slug=theirs),
        url("framework-end", done.framework.pk, slug=theirs),
        url("framework-end", here.national.pk, slug=theirs),
    ):
        assert client.get(path).status_code == 404


def test_what_ended_is_seen_by_those_who_linked_to_it_only(here, as_):
    link_outcome(outcome=here.outcome, item=here.item, by=here.manager)
    end_framework(framework=here.national)
    assert as_("manager").get(url("framework-detail", here.national.pk)).status_code == 200
    path = url("framework-detail", here.national.pk, slug=here.other.slug)
    assert as_(here.neighbour).get(path).status_code == 404
    with pytest.raises(DomainError, match="no longer part"):
        copy_item(partnership=here.partnership, item=here.item, title="x", by=here.manager)


# --- Links -----------------------------------------------------------------------------------------------------------
def test_a_copy_keeps_its_link_and_is_told_when_the_shared_words_change(here):
    ours = copy_item(partnership=here.partnership, item=here.item, title="People here move", by=here.manager)
    (standing,) = standings(ours)
    assert (standing.link.is_copy, standing.is_adapted, standing.has_changed) == (True, True, False)
    load_framework(name="National", items=read(FILE.replace("Every day", "Each day")))
    (standing,) = standings(ours)
    assert standing.has_changed
    keep_our_words(link=standing.link, by=here.manager)
    (standing,) = standings(ours)
    assert not standing.has_changed
    load_framework(name="National", items=read(FILE.replace("People move", "All move")))
    (standing,) = standings(ours)
    with pytest.raises(EditConflict):
        take_new_words(link=standing.link, expected_version=7, by=here.manager)
    take_new_words(link=standing.link, expected_version=1, by=here.manager)
    ours.refresh_from_db()
    (standing,) = standings(ours)
    assert (ours.title, ours.description) == ("All move", "Every day")
    assert not standing.has_changed
    assert not standing.is_adapted


def test_the_tree_names_our_outcomes_and_what_nobody_works_on(here):
    link_outcome(outcome=here.outcome, item=here.item, by=here.manager)
    link_outcome(outcome=here.outcome, item=here.item, by=here.manager)
    theirs = add_outcome(partnership=here.other, title="Theirs")
    link_outcome(outcome=theirs, item=here.national.items.get(code="A2"), by=here.neighbour)
    rows = items_of(here.national, here.partnership)
    assert [(row.item.code, row.depth, row.is_leaf) for row in rows] == [
        ("A", 0, False), ("A1", 1, True), ("A2", 1, True),
    ]  # fmt: skip
    assert [[link.outcome for link in row.links] for row in rows] == [[], [here.outcome], []]


# --- Pages -----------------------------------------------------------------------------------------------------------
def addresses(here):
    link = OutcomeLink.objects.filter(outcome=here.outcome).first() or link_outcome(
        outcome=here.outcome, item=here.item, by=here.manager
    )
    pair = (here.outcome.pk, link.pk)
    return {
        "framework-new": (), "framework-share": (), "framework-copy": (here.item.pk,), "outcome-link": (here.outcome.pk,),
        "outcome-take-words": pair, "outcome-keep-words": pair, "outcome-unlink": pair,
    }  # fmt: skip


@pytest.mark.parametrize("role", HUMAN_ROLES)
def test_only_who_sets_up_outcomes_changes_frameworks(here, as_, role):
    client = as_(role.value)
    for name, args in addresses(here).items():
        expected = 200 if role == Role.MANAGER else 403
        assert client.get(url(name, *args)).status_code == expected, name
        if role != Role.MANAGER:
            assert client.post(url(name, *args), {}).status_code == 403, name
    for name in ("framework-list", "outcome-adoptions"):
        assert client.get(url(name)).status_code == 200


def test_strangers_and_forged_numbers_find_nothing(here, as_, client):
    theirs = add_outcome(partnership=here.other, title="Theirs")
    link = link_outcome(outcome=theirs, item=here.item, by=here.neighbour)
    assert as_(here.stranger).get(url("framework-list")).status_code == 404
    assert client.get(url("framework-list")).status_code == 302
    for name, args in (
        ("outcome-detail", (theirs.pk,)),
        ("outcome-compare", (theirs.pk, link.pk)),
        ("outcome-unlink", (here.outcome.pk, link.pk)),
        ("framework-detail", (999_999,)),
    ):
        assert as_("manager").get(url(name, *args)).status_code == 404, name
    page = as_("manager").post(url("outcome-link", here.outcome.pk), {"item": "999999"})
    assert "Select a valid choice" in page.content.decode()


def test_a_file_is_shown_before_it_is_saved(here, as_):
    client, path = as_("manager"), url("framework-new")
    facts = {"name": "County", "publisher": "The county", "edition": "", "source_url": "", "licence": ""}
    wrong = client.post(path, facts | {"file": SimpleUploadedFile("x.csv", b"code,title\nA,\nB,\n")})
    page = wrong.content.decode()
    assert "Row 2: there is no title." in page
    assert "Row 3: there is no title." in page
    assert 'value="County"' in page
    shown = client.post(path, facts | {"file": SimpleUploadedFile("x.csv", FILE.encode())})
    assert "3 items. Nothing is saved yet." in shown.content.decode()
    assert not Framework.objects.filter(name="County").exists()
    sent = {name: shown.context["form"][name].value() for name in shown.context["form"].fields}
    answer = client.post(path, sent, follow=True)
    assert "County is saved. New: Living well; People move; People rest." in answer.content.decode()
    found = Framework.objects.get(name="County")
    assert (found.shared_by, found.loaded_by, found.items.count()) == (here.partnership, here.manager, 3)
    later = FILE.replace("People rest", "All rest").replace("A1,People move,Every day,A\n", "")
    shown = client.post(path, facts | {"file": SimpleUploadedFile("x.csv", later.encode())}).content.decode()
    assert "0 new, 1 changed, 1 gone" in shown
    forged = client.post(path, sent | {"text": "no items"})
    assert "The first row must name the columns" in forged.content.decode()


def test_an_item_is_copied_and_compared(here, as_):
    client = as_("manager")
    answer = client.post(
        url("framework-copy", here.item.pk),
        {"title": "People here move", "description": "Every single day"},
        follow=True,
    )
    ours = Outcome.objects.get(title="People here move")
    page = answer.content.decode()
    assert "Adapted from <strong>A1 People move</strong>" in page
    load_framework(name="National", items=read(FILE.replace("Every day", "Each day")))
    link = ours.framework_links.get()
    page = client.get(url("outcome-compare", ours.pk, link.pk)).content.decode()
    assert "The shared one has changed since" in page
    assert "Only ours:</span>Every single" in page
    assert "Changed since" in client.get(url("outcome-detail", ours.pk)).content.decode()
    client.post(url("outcome-take-words", ours.pk, link.pk), {"version": 1})
    ours.refresh_from_db()
    assert (ours.title, ours.description) == ("People move", "Each day")
    stale = client.post(url("outcome-take-words", ours.pk, link.pk), {"version": 1})
    assert "Somebody else saved this" in stale.content.decode()
    assert client.post(url("outcome-unlink", ours.pk, link.pk), {"version": 2}).status_code == 302
    assert not OutcomeLink.objects.exists()


def test_lists_ask_as_much_for_many_as_for_few(here, as_, django_assert_max_num_queries):
    client = as_("manager")
    load_framework(name="Long", items=[Item(f"C{n}", f"Item {n}", "", "C0" if n else "") for n in range(60)])
    long = Framework.objects.get(name="Long")
    for n in range(12):
        load_framework(name=f"One of many {n}", items=[Item("A", "x")])
    for item in long.items.all()[:20]:
        link_outcome(outcome=here.outcome, item=item, by=here.manager)
    for path in (
        url("framework-list"),
        url("framework-detail", long.pk),
        url("outcome-detail", here.outcome.pk),
        url("outcome-link", here.outcome.pk),
    ):
        client.get(path)
        with django_assert_max_num_queries(24):
            client.get(path)
