"""The code on paper with which somebody who does not sign in sees what became of what they said."""

from __future__ import annotations

import base64
import hashlib

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from people.models import FollowUp, Voice

# 16 letters and figures of 32 are 80 bits: nobody guesses one.
LENGTH = 16
# Read from paper, O is taken for nought and I and L for one.
_STANDARD, _READABLE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_READABLE = str.maketrans(_STANDARD, _READABLE)
_MISREAD = str.maketrans("OIL", "011")


def code_for(nonce: str) -> str:
    digest = salted_hmac("people.follow_up", nonce, algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode().translate(_TO_READABLE)


def as_typed(code: str) -> str:
    """What was read from paper, however it was typed: without spaces and dashes, in capitals."""
    return "".join(letter for letter in code.upper() if letter.isalnum()).translate(_MISREAD)[: 2 * LENGTH]


def in_groups(code: str) -> str:
    """K7Q2-29XM-… is easier to copy than sixteen letters in a row."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def hash_of(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def link_of(follow_up: FollowUp) -> str:
    return f"{settings.BASE_URL}{reverse('voice-heard', args=[in_groups(code_for(follow_up.nonce))])}"


def find(code: str) -> FollowUp | None:
    """The open code of a voice; None where it was never given or has ended."""
    rows = FollowUp.objects.filter(code_hash=hash_of(as_typed(code)), ended_at__isnull=True)
    return rows.select_related("voice__partnership", "voice__board", "voice__place").first()


def open_code(voice: Voice) -> FollowUp | None:
    return FollowUp.objects.filter(voice=voice, ended_at__isnull=True).first()
