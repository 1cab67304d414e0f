"""Every table either belongs to a partnership or is shared on purpose; one that nobody classified fails."""

import pytest
from django.apps import apps
from django.db import models

from partnerships.models import Partnership, TenantRecord

OURS = ("partnerships", "people", "outcomes", "learning", "reports")
# Shared by all partnerships, and why.
SHARED = {
    "partnerships.Partnership": "the tenant itself",
    "partnerships.Place": "England's places are the same for everybody",
    "partnerships.AuthorityDeprivation": "published statistics",
    "partnerships.SmallAreaDeprivation": "published statistics",
    "partnerships.Organisation": "a body is recorded once; its part in a partnership is tenant-owned",
    "partnerships.CouncilIdentifier": "a published lookup",
    "partnerships.Digest": "one mail tells a person of all their partnerships",
    "outcomes.Framework": "a published framework is the same for everybody; one shared by a partnership is meant for others",
    "outcomes.FrameworkItem": "a part of a framework",
    "people.AccessExport": "a person's copy of everything held about them, in all their partnerships",
    "people.Forgetting": "a person is forgotten everywhere at once",
    "people.CalendarFeed": "one calendar shows a person's meetings in all their partnerships",
    "people.Person": "one person may be in several partnerships; memberships are tenant-owned",
}


def our_models() -> list[type[models.Model]]:
    return [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def is_history(model: type[models.Model]) -> bool:
    return hasattr(model, "pgh_tracked_model")


def is_link(model: type[models.Model]) -> bool:
    """A many-to-many table (or a model that stands for it), whose rows belong to whatever their first side belongs to."""
    return bool(model._meta.concrete_model._meta.auto_created)


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_is_classified(model):
    if is_history(model):
        tracked = model.pgh_tracked_model
        assert is_link(tracked) or tracked in our_models()
        return
    if is_link(model):
        owner = model._meta.concrete_model._meta.auto_created
        assert issubclass(owner, TenantRecord) or owner is Partnership or owner._meta.label in SHARED
        return
    if model._meta.label in SHARED:
        assert not issubclass(model, TenantRecord), "It is listed as shared and has a partnership."
        return
    assert issubclass(model, TenantRecord), (
        f"{model._meta.label} is neither tenant-owned nor listed as shared."
    )
    field = model._meta.get_field("partnership")
    assert not field.null, "A tenant-owned row without a partnership would belong to nobody."


def test_no_shared_model_is_listed_that_does_not_exist():
    assert set(SHARED) <= {model._meta.label for model in our_models()}
