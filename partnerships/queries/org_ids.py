"""Identifiers of organisations as org-id.guide writes them: a register, and the organisation's number in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import QuerySet

from partnerships.models import CouncilIdentifier, Place

FORM = re.compile(r"\A[A-Z]{2,3}-[A-Z]{2,6}-[A-Za-z0-9._-]+\Z")


@dataclass(frozen=True, slots=True)
class Register:
    """Whose numbers they are, what one looks like, and that in words with an example."""

    name: str
    form: re.Pattern[str]
    words: str


REGISTERS = {
    "GB-CHC": Register(
        "a charity in England or Wales",
        re.compile(r"\d{6,7}(-\d{1,4})?"),
        "six or seven digits, as in GB-CHC-1112345",
    ),
    "GB-SC": Register(
        "a charity in Scotland", re.compile(r"SC\d{6}"), "SC and six digits, as in GB-SC-SC012345"
    ),
    "GB-NIC": Register(
        "a charity in Northern Ireland", re.compile(r"\d{6}"), "six digits, as in GB-NIC-100012"
    ),
    "GB-COH": Register(
        "a company",
        re.compile(r"\d{8}|[A-Z]{2}\d{6}"),
        "eight digits, or two letters and six digits, as in GB-COH-01234567",
    ),
    "GB-LAE": Register("a council in England", re.compile(r"[A-Z]{3}"), "three letters, as in GB-LAE-LUT"),
    "GB-LAS": Register("a council in Scotland", re.compile(r"[A-Z]{3}"), "three letters, as in GB-LAS-FIF"),
    "GB-PLA": Register("a council in Wales", re.compile(r"[A-Z]{3}"), "three letters, as in GB-PLA-CRF"),
    "GB-LANI": Register(
        "a council in Northern Ireland", re.compile(r"[A-Z]{3}"), "three letters, as in GB-LANI-BFS"
    ),
    "GB-NHS": Register(
        "an NHS organisation",
        re.compile(r"[A-Z0-9]{3,6}"),
        "three to six letters and digits, as in GB-NHS-RBA",
    ),
    "GB-EDU": Register("a school", re.compile(r"\d{6}"), "the six digits of its URN, as in GB-EDU-123456"),
    "GB-UKPRN": Register(
        "a provider of learning",
        re.compile(r"1\d{7}"),
        "eight digits that begin with 1, as in GB-UKPRN-10001234",
    ),
    "GB-MPR": Register("a mutual", re.compile(r"[A-Z0-9]{3,12}"), "letters and digits, as in GB-MPR-12345R"),
}
COUNCILS = ("GB-LAE", "GB-LAS", "GB-PLA", "GB-LANI")


def tidy(org_id: str) -> str:
    """As it is kept: without spaces around, the letters large."""
    return org_id.strip().upper()


def fault_of(org_id: str) -> str:
    """What is wrong with an identifier, in a sentence; nothing where it has the form of its register."""
    if not FORM.match(org_id):
        return "Enter an identifier like GB-CHC-1112345: the register, a hyphen and the number there."
    prefix, number = _split(org_id)
    register = REGISTERS.get(prefix)
    if register is None:
        return ""
    if not register.form.fullmatch(number):
        return f"{prefix} is for {register.name}: after it come {register.words}."
    return ""


def unknown_council(org_id: str) -> str:
    """What to say of a council that the published lookup does not have, where the lookup is loaded."""
    prefix, _ = _split(org_id)
    if (
        prefix not in COUNCILS
        or not CouncilIdentifier.objects.filter(org_id__startswith=f"{prefix}-").exists()
    ):
        return ""
    if CouncilIdentifier.objects.filter(org_id=org_id).exists():
        return ""
    return f"The published lookup has no council {org_id}. Look for the council by its name."


def councils_like(name: str, most: int = 5) -> list[CouncilIdentifier]:
    """Councils in the lookup whose name holds every telling word, or whose GSS code it is; those that still exist first."""
    words = [word for word in re.findall(r"\w+", name.casefold()) if word not in COMMON]
    if not words:
        return []
    return list(_named(words).order_by("-is_current", "name")[:most])


def place_of_council(org_id: str) -> Place | None:
    """The area of a council that the lookup knows, where its code is loaded."""
    council = CouncilIdentifier.objects.filter(org_id=org_id).exclude(gss_code="").first() if org_id else None
    return Place.objects.filter(code=council.gss_code).first() if council else None


COMMON = {
    "council",
    "borough",
    "city",
    "county",
    "district",
    "metropolitan",
    "london",
    "the",
    "of",
    "and",
    "royal",
}


def _named(words: list[str]) -> QuerySet[CouncilIdentifier]:
    by_code = CouncilIdentifier.objects.filter(gss_code__iexact=words[0])
    if len(words) == 1 and by_code.exists():
        return by_code
    found = CouncilIdentifier.objects.all()
    for word in words:
        found = found.filter(name__iregex=rf"\m{re.escape(word)}\M")
    return found


def _split(org_id: str) -> tuple[str, str]:
    first, second, number = org_id.split("-", 2)
    return f"{first}-{second}", number
