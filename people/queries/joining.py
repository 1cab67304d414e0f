"""Joining codes: how one is written, and who came by it."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac

from partnerships.models import Partnership
from people.models import Joined, JoiningCode, Person

# No 0 and O, no 1, I and L, no U: what is read from paper is typed as it was printed.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
# A line of first words and a line of second words, none of which says anything about anybody.
WORDS = Path(__file__).resolve().parents[1] / "sign_in_words.txt"


def code_for(nonce: str, secret: str | None = None) -> str:
    """Ten letters and digits, about 49 bits: short enough for paper, and too many to try where tries are limited."""
    digest = salted_hmac("people.joining", nonce, secret=secret, algorithm="sha256").digest()
    number, made = int.from_bytes(digest, "big"), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        made += LETTERS[place]
    return f"{made[:5]}-{made[5:]}"


def hash_of_code(code: str, secret: str | None = None) -> str:
    """Keyed, as a code is too short for a plain hash to hide it from somebody who has the database."""
    return salted_hmac("people.joining.hash", plain(code), secret=secret, algorithm="sha256").hexdigest()


def written(code: JoiningCode) -> str:
    """The code as it stands on paper, also after the secret key was changed, as long as the key before is a fallback."""
    for secret in _secrets():
        text = code_for(code.nonce, secret)
        if hash_of_code(text, secret) == code.code_hash:
            return text
    return ""


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum() and letter.isascii())


def find_code(code: str) -> JoiningCode | None:
    """The code as somebody typed it, if there is one and it still works."""
    if len(plain(code)) != LENGTH:
        return None
    hashes = [hash_of_code(code, secret) for secret in _secrets()]
    found = JoiningCode.objects.select_related("partnership", "person").filter(code_hash__in=hashes).first()
    return found if found and found.works else None


def link_of_code(code: JoiningCode) -> str:
    return f"{settings.BASE_URL}{reverse('join-by-code', args=[written(code)])}"


def page_of_codes() -> str:
    """What is printed on the slip beside the code."""
    return f"{settings.BASE_URL}{reverse('join')}"


def codes_of(partnership: Partnership) -> QuerySet[JoiningCode]:
    came = Prefetch("joined", queryset=Joined.objects.select_related("person"))
    return (
        JoiningCode.objects.filter(partnership=partnership)
        .select_related("created_by", "person")
        .prefetch_related(came)
    )


def new_sign_in_name() -> str:
    """Two words and a number that nobody has yet, easy to write down and to read out."""
    first, second = _words()
    while True:
        name = f"{secrets.choice(first)}-{secrets.choice(second)}-{secrets.randbelow(90) + 10}"
        if not Person.objects.filter(sign_in_name=name).exists():
            return name


@cache
def _words() -> tuple[list[str], list[str]]:
    first, second = WORDS.read_text(encoding="utf-8").splitlines()
    return first.split(), second.split()
