"""Identifiers, the lookup of councils, corrections that others agree to, and merges of any record that names one."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models

from partnerships.actions.agreements import add_agreement
from partnerships.actions.contacts import add_contact
from partnerships.actions.corrections import correct_organisation, decide_correction
from partnerships.actions.council_identifiers import import_council_ids
from partnerships.actions.merging import merge_organisations
from partnerships.actions.organisations import add_part, add_parts, end_part
from partnerships.actions.setting_up import add_organisation
from partnerships.errors import DomainError, EditConflict
from partnerships.models import (
    CouncilIdentifier,
    Organisation,
    OrganisationCorrection,
    OrganisationRole,
    Place,
    PlaceKind,
    Sector,
)
from partnerships.queries import shared_organisations as queries
from partnerships.queries.org_ids import councils_like, fault_of
from people.models import Membership

HEAD = "org_id,name,normalised_name,gss_code,area_name,area_type,active\n"
LUTON = "GB-LAE-LUT,Luton Borough Council,Luton,E06000032,Luton,E06,TRUE\n"


def mine(*partnerships):
    return lambda partnership: partnership in partnerships


def anybody(partnership):
    return True


@pytest.fixture
def twin(world):
    return add_organisation(
        partnership=world.partnership,
        name="Testborough Borough Council",
        sector=Sector.COUNCIL,
        org_id="GB-LAE-TST",
    )


def merge(world, kept, merged, **more):
    given = {"reason": "One body", "may_manage": anybody, "by": world.manager} | more
    return merge_organisations(kept=kept, merged=merged, **given)


# --- Identifiers ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "org_id",
    [
        "GB-CHC-1112345", "GB-SC-SC012345", "GB-NIC-100012", "GB-COH-01234567", "GB-COH-SC123456", "GB-LAE-LUT",
        "GB-NHS-RBA", "GB-NHS-A81001", "GB-EDU-123456", "GB-UKPRN-10001234", "US-EIN-12-3456789",
    ],
)  # fmt: skip
def test_identifiers_of_known_registers(org_id):
    assert fault_of(org_id) == ""


@pytest.mark.parametrize(
    ("org_id", "said"),
    [
        ("GB-CHC-12A", "a charity in England or Wales: after it come six or seven digits"),
        ("GB-COH-1234567", "a company: after it come eight digits"),
        ("GB-LAE-LUTON", "three letters"),
        ("GB-NHS-TOOLONGX", "an NHS organisation"),
        ("GB-EDU-12345", "URN"),
        ("1112345", "Enter an identifier like"),
        ("GB-CHC-", "Enter an identifier like"),
        ("GB-CHC-1112345\n", "Enter an identifier like"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(org_id, said):
    assert said in fault_of(org_id)


@pytest.fixture
def lookup(tmp_path):
    def load(text=HEAD + LUTON):
        path = tmp_path / "la_orgid_to_gss.csv"
        path.write_text(text, encoding="utf-8-sig")
        return path

    return load


def test_the_lookup_of_councils_is_loaded_twice_and_once(db, lookup, capsys):
    call_command("import_council_ids", str(lookup()))
    call_command("import_council_ids", str(lookup()))
    assert capsys.readouterr().out.splitlines() == [
        "Councils: 1 new, 0 changed, 0 unchanged.",
        "Councils: 0 new, 0 changed, 1 unchanged.",
    ]
    gone = LUTON.replace("TRUE", "FALSE")
    assert str(import_council_ids(path=lookup(HEAD + gone))) == "0 new, 1 changed, 0 unchanged"
    with pytest.raises(CommandError, match="three letters"):
        call_command("import_council_ids", str(lookup(HEAD + LUTON.replace("GB-LAE-LUT", "GB-LAE-LU"))))
    with pytest.raises(DomainError, match="two rows"):
        import_council_ids(path=lookup(HEAD + LUTON * 2))
    assert CouncilIdentifier.objects.count() == 1


def test_a_council_is_found_by_name_or_code_and_gets_its_place(world, lookup):
    import_council_ids(path=lookup())
    luton = Place.objects.create(name="Luton", kind=PlaceKind.LOCAL_AUTHORITY, code="E06000032")
    for text in ("Luton", "luton borough council", "E06000032"):
        assert [one.org_id for one in councils_like(text)] == ["GB-LAE-LUT"]
    assert councils_like("Borough Council") == []
    assert councils_like("Lut") == []
    with pytest.raises(DomainError, match="no council GB-LAE-XYZ"):
        add_organisation(partnership=world.partnership, name="X", sector=Sector.COUNCIL, org_id="GB-LAE-XYZ")
    made = add_organisation(
        partnership=world.partnership, name="Luton Council", sector=Sector.COUNCIL, org_id="gb-lae-lut"
    )
    assert (made.org_id, made.place) == ("GB-LAE-LUT", luton)


def test_several_parts_are_added_at_once_or_none(world):
    given = {"partnership": world.partnership, "organisation": world.organisation}
    add_parts(**given, roles=["lead", "funder"])
    with pytest.raises(DomainError, match="funder already"):
        add_parts(**given, roles=["delivery", "funder"])
    roles = set(world.organisation.roles.values_list("role", flat=True))
    assert roles == {"system", "lead", "funder"}


# --- Corrections ---------------------------------------------------------------------------------------------------------
def correct(world, organisation, **more):
    given = {
        "organisation": organisation,
        "partnership": world.partnership,
        "expected_version": 1,
        "name": "Testborough Metropolitan Council",
        "sector": Sector.COUNCIL,
        "may_manage": mine(world.partnership),
        "by": world.manager,
    }
    return correct_organisation(**given | more)


def test_what_nobody_else_uses_is_corrected_at_once(world):
    assert correct(world, world.organisation) is None
    world.organisation.refresh_from_db()
    assert world.organisation.name == "Testborough Metropolitan Council"
    with pytest.raises(EditConflict):
        correct(world, world.organisation, name="Another")


def test_what_others_use_is_proposed_and_waits_for_one_of_them(world):
    add_part(partnership=world.other, organisation=world.organisation, role=OrganisationRole.FUNDER)
    with pytest.raises(DomainError) as refused:
        correct(world, world.organisation)
    assert refused.value.field == "reason"
    proposed = correct(world, world.organisation, reason="It is on their sign")
    again = correct(world, world.organisation, name="Testborough Metropolitan", reason="Their sign")
    assert proposed.pk == again.pk, "one open proposal a partnership"
    world.organisation.refresh_from_db()
    assert world.organisation.name == "Testborough Council"
    with pytest.raises(DomainError, match="another partnership"):
        decide_correction(correction=again, partnership=world.partnership, accept=True, by=world.manager)
    decide_correction(correction=again, partnership=world.other, accept=True, by=world.stranger)
    decide_correction(correction=again, partnership=world.other, accept=False, by=world.stranger)
    world.organisation.refresh_from_db()
    assert world.organisation.name == "Testborough Metropolitan"
    assert OrganisationCorrection.objects.get().was_accepted is True


def test_a_correction_that_is_not_agreed_changes_nothing(world):
    add_part(partnership=world.other, organisation=world.organisation, role=OrganisationRole.FUNDER)
    proposed = correct(world, world.organisation, reason="We think so")
    decide_correction(correction=proposed, partnership=world.other, accept=False, by=world.stranger)
    world.organisation.refresh_from_db()
    assert world.organisation.name == "Testborough Council"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "testborough borough council"}, "name"),
        ({"org_id": "GB-LAE-TST"}, "org_id"),
        ({"org_id": "GB-CHC-1"}, "org_id"),
    ],
)
def test_a_correction_meets_the_same_rules(world, twin, given, field):
    with pytest.raises(DomainError) as refused:
        correct(world, world.organisation, **given)
    assert refused.value.field == field


# --- Merging -------------------------------------------------------------------------------------------------------------
def test_everything_that_names_the_one_names_the_other(world, twin):
    person = world.officer
    Membership.objects.filter(person=person).update(organisation=twin)
    add_contact(partnership=world.partnership, organisation=twin, role="Finance", phone="0161 496 0000")
    agreement = add_agreement(
        partnership=world.partnership, title="MoU", kind="memorandum", parties=[world.organisation, twin]
    )
    add_part(partnership=world.partnership, organisation=twin, role=OrganisationRole.FUNDER)
    said = {move.words: move.number for move in queries.moves(twin)}
    assert said["mentions in agreements"] == 1
    kept = merge(world, world.organisation, twin)
    assert queries.moves(twin) == []
    assert list(agreement.parties.all()) == [kept], "a party once, not twice"
    assert Membership.objects.get(person=person).organisation == kept
    assert set(kept.roles.values_list("role", flat=True)) == {"system", "funder"}
    assert kept.contacts.count() == 1
    twin.refresh_from_db()
    assert (twin.merged_into, twin.merge_reason, twin.merged_by) == (kept, "One body", world.manager)
    assert (kept.org_id, twin.org_id) == ("GB-LAE-TST", None), "the identifier goes along"


def test_parts_of_the_same_kind_at_the_same_time_become_one(world, twin):
    twin.roles.all().delete()
    part = world.organisation.roles.get()
    end_part(part=part, on=part.starts_on)
    early = add_part(
        partnership=world.partnership,
        organisation=twin,
        role=OrganisationRole.SYSTEM,
        starts_on=date(2021, 1, 1),
    )
    add_part(partnership=world.partnership, organisation=twin, role=OrganisationRole.LEAD)
    other = add_part(
        partnership=world.partnership,
        organisation=world.organisation,
        role=OrganisationRole.LEAD,
        starts_on=date(2019, 1, 1),
    )
    end_part(part=other, on=date(2019, 12, 31))
    kept = merge(world, world.organisation, twin)
    systems = kept.roles.filter(role="system")
    assert [(one.starts_on, one.ends_on) for one in systems] == [(early.starts_on, None)]
    assert kept.roles.filter(role="lead").count() == 2, "at different times they stay two"


def test_merging_again_and_in_a_ring(world, twin):
    kept = merge(world, world.organisation, twin)
    assert merge(world, kept, twin).pk == kept.pk
    with pytest.raises(DomainError, match="was merged into"):
        merge(world, twin, kept)
    with pytest.raises(DomainError, match="another organisation to keep"):
        merge(world, kept, kept)
    third = add_organisation(partnership=world.partnership, name="Third", sector=Sector.OTHER)
    with pytest.raises(DomainError, match="merged into another meanwhile"):
        merge(world, third, twin)
    last = merge(world, third, kept)
    twin.refresh_from_db()
    assert queries.kept_record(twin) == last
    assert twin.merged_into == last, "old links take one step"
    assert add_organisation(partnership=world.other, name=twin.name, sector=Sector.OTHER) == last


def test_a_merge_needs_a_reason_and_all_who_use_them(world, twin):
    with pytest.raises(DomainError) as refused:
        merge(world, world.organisation, twin, reason=" ")
    assert refused.value.field == "reason"
    add_part(partnership=world.other, organisation=twin, role=OrganisationRole.FUNDER)
    with pytest.raises(DomainError, match="Another partnership uses one"):
        merge(world, world.organisation, twin, may_manage=mine(world.partnership))
    twin.refresh_from_db()
    assert twin.merged_into is None
    merge(world, world.organisation, twin, may_manage=mine(world.partnership, world.other))


def test_a_partnership_that_names_one_only_in_a_list_counts(world, twin):
    world.other.organisation_roles.all().delete()
    add_part(partnership=world.other, organisation=twin, role=OrganisationRole.LEAD)
    add_agreement(partnership=world.other, title="MoU", kind="memorandum", parties=[twin])
    twin.roles.filter(partnership=world.other).delete()
    assert {one.pk for one in queries.partnerships_using(twin)} == {world.partnership.pk, world.other.pk}


@pytest.fixture
def later_tables(world):
    """Two tables that nobody has told anything about; their rows and they themselves are rolled back with the test."""

    class Prize(models.Model):  # noqa: DJ008
        organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
        year = models.PositiveSmallIntegerField()

        class Meta:
            app_label = "partnerships"
            constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="one_prize_a_year")]

    class Photo(models.Model):  # noqa: DJ008
        prize = models.ForeignKey(Prize, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "partnerships"

    try:
        with connection.schema_editor() as editor:
            editor.create_model(Prize)
            editor.create_model(Photo)
        yield Prize, Photo
    finally:
        for name in ("prize", "photo"):
            del apps.all_models["partnerships"][name]
        apps.clear_cache()


def test_a_table_that_is_added_later_is_covered(world, twin, later_tables):
    """The walk asks the models. Where two rows collide, what points at the one points at the other afterwards."""
    Prize, Photo = later_tables
    ours = Prize.objects.create(organisation=world.organisation, year=2025)
    same = Prize.objects.create(organisation=twin, year=2025)
    later = Prize.objects.create(organisation=twin, year=2026)
    photo = Photo.objects.create(prize=same)
    merge(world, world.organisation, twin)
    later.refresh_from_db()
    photo.refresh_from_db()
    assert later.organisation_id == world.organisation.pk
    assert photo.prize_id == ours.pk
    assert Prize.objects.count() == 2


# --- Possible duplicates ---------------------------------------------------------------------------------------------------
def test_names_that_are_much_alike_are_shown_and_others_are_not(world, twin):
    for name in (
        "Riverside Academy",
        "Safer Testborough",
        "Testborough Leisure Trust",
        "Testborough Kitchen",
    ):
        add_organisation(partnership=world.partnership, name=name, sector=Sector.OTHER)
    pairs = queries.possible_duplicates(world.partnership)
    assert [{one.name, two.name} for one, two in pairs] == [
        {"Testborough Council", "Testborough Borough Council"}
    ]
    merge(world, world.organisation, twin)
    assert queries.possible_duplicates(world.partnership) == []


def test_two_with_different_numbers_in_one_register_are_not_the_same(world):
    for number in ("1000001", "1000002"):
        add_organisation(
            partnership=world.partnership,
            name=f"Friends of the park {number[-1]}",
            sector=Sector.VOLUNTARY,
            org_id=f"GB-CHC-{number}",
        )
    assert queries.possible_duplicates(world.partnership) == []
