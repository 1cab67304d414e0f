"""What one cell of a column of numbers says: a number, or a marker for why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from outcomes.imports.errors import Unclear, quoted

# What a spreadsheet's formula says when the program that wrote the file did not keep its result.
FORMULA_WITHOUT_RESULT = "\N{SYMBOL FOR NULL}formula"

UNAVAILABLE, NOT_APPLICABLE, CONFIDENTIAL, LOW = "x", "z", "c", "low"
MARKERS = {
    **dict.fromkeys(
        [
            "",
            "x",
            "..",
            "...",
            "…",
            "-",
            "--",
            ":",
            "na",
            "n/a",
            "n.a.",
            "#n/a",
            "nan",
            "null",
            "none",
            "not available",
            "no data",
            "nd",
            "n.d.",
            "u",
            "missing",
            "not published",
            "not collected",
        ],
        UNAVAILABLE,
    ),
    **dict.fromkeys(["z", ".", "not applicable"], NOT_APPLICABLE),
    **dict.fromkeys(["c", "s", "*", "**", "suppressed"], CONFIDENTIAL),
    **dict.fromkeys(["low", "~"], LOW),
}
STATUS_NOTES = {"p": "provisional", "r": "revised", "e": "", "u": "", "b": ""}

_PLAIN = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_POINT = re.compile(r"-?[0-9]{1,3}(?:([,' ])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?")
_COMMA = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:([.' ])[0-9]{3})(?:\1[0-9]{3})*)(?:,[0-9]+)?")
_SCIENTIFIC = re.compile(r"-?[0-9](?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}")
_NOTE = re.compile(r"(.*[0-9]%?)\s*[\[(]([a-z])[\])]", re.IGNORECASE | re.DOTALL)
_FOOTNOTE = re.compile(r"(.*[0-9]%?)\s*[\[(]notes? ?[0-9, ]+[\])]", re.IGNORECASE | re.DOTALL)
# Small counts that are not told: <5, fewer than 10, up to 4, 1 to 4. Only in the first group the number itself is left out.
_SMALL = re.compile(
    r"(?:n ?)?(?:(?:<|less than|fewer than|under) ?([0-9]+(?:\.[0-9]+)?)|(?:<=|≤|up to) ?[0-9]+(?:\.[0-9]+)?) ?%?"
    r"|1 ?(?:to|-) ?[2-9]"
)
_PER_CENT = re.compile(r"(?<=[0-9.]) ?(?:per cent|percent|pct)$", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_CURRENCY = "£$€"


@dataclass(frozen=True, slots=True)
class Number:
    """`text` is a plain decimal number, or empty where the marker says why there is none."""

    text: str
    marker: str = ""
    status: str = ""


def parse_number(
    text: str, *, percent: bool = False, decimal_comma: bool = False, digits: int = 12
) -> Number:
    """Reads a cell. `percent` says that the measure is a percentage, `digits` how many may stand before the point.

    Raises Unclear for what is no number, for what could be two different numbers, and for a number that is too large.
    """
    if (
        not decimal_comma and len(text) <= digits and _PLAIN.fullmatch(text)
    ):  # Nearly every cell of nearly every file.
        return Number(text)
    if text == FORMULA_WITHOUT_RESULT:
        raise Unclear(
            "The cell holds a formula whose result was not saved. Open the file in a spreadsheet program, save it and upload it again."
        )
    said = _SPACES.sub(" ", text).strip()
    marker = MARKERS.get(_bare(said))
    if marker is not None:
        return Number("0" if marker == LOW else "", marker)
    if small := _SMALL.fullmatch(_bare(said)):
        # Below one is what rounds to nothing; the others are hidden.
        return Number("0", LOW) if small[1] and Decimal(small[1]) <= 1 else Number("", CONFIDENTIAL)
    if said.startswith("#"):
        raise Unclear(f"{quoted(said)} is an error that the spreadsheet could not work out.")
    status = ""
    if footnote := _FOOTNOTE.fullmatch(said):
        said = footnote[1]
    said = _PER_CENT.sub("%", said)
    if noted := _NOTE.fullmatch(said):
        if noted[2].lower() not in STATUS_NOTES:
            raise Unclear(f"The note “{noted[2]}” after the number in {quoted(said)} is not known here.")
        said, status = noted[1], STATUS_NOTES[noted[2].lower()]
    return Number(_plain(said, percent, decimal_comma, digits), "", status)


def _bare(said: str) -> str:
    """A marker without the brackets that accessible spreadsheets put around it."""
    said = (
        said.casefold().replace("\N{EN DASH}", "-").replace("\N{EM DASH}", "-").replace("\N{MINUS SIGN}", "-")
    )
    return said[1:-1].strip() if said[:1] + said[-1:] in ("[]", "()") else said


def _plain(said: str, percent: bool, decimal_comma: bool, digits: int) -> str:
    body = (
        said.replace("\N{MINUS SIGN}", "-")
        .replace("\N{EN DASH}", "-")
        .replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    body = body.removeprefix("+").strip()
    if body.endswith("%"):
        if not percent:
            raise Unclear(f"{quoted(said)} is a percentage, and this column should hold plain numbers.")
        body = body[:-1].strip()
    sign = "-" if body.startswith("-") else ""
    unsigned = body.removeprefix("-").strip()
    if unsigned[:1] and unsigned[0] in _CURRENCY:
        if percent:
            raise Unclear(f"{quoted(said)} is an amount of money, and this measure is a percentage.")
        unsigned = unsigned[1:].strip()
    body = sign + unsigned
    if _SCIENTIFIC.fullmatch(body):
        body = format(Decimal(body), "f")
    elif decimal_comma:
        if not _COMMA.fullmatch(body):
            raise Unclear(f"{quoted(said)} is not a number written with a decimal comma.")
        body = re.sub(r"[.' ]", "", body).replace(",", ".")
    elif _POINT.fullmatch(body):
        body = re.sub(r"[,' ]", "", body)
    elif not _PLAIN.fullmatch(body):
        if re.fullmatch(r"-?[0-9]+,[0-9]+", body):
            raise Unclear(
                f"{quoted(said)} could be a decimal number or a number in thousands. Write it with a decimal point."
            )
        raise Unclear(f"{quoted(said)} is not a number or a marker that is known here.")
    try:
        check_size(Decimal(body), said, digits)
    except InvalidOperation:
        raise Unclear(f"{quoted(said)} is not a number.") from None
    return body


def check_size(number: Decimal, said: str, digits: int) -> None:
    """Raises Unclear for a number with more digits before the point than are kept."""
    if abs(number) >= Decimal(10) ** digits:
        raise Unclear(f"{quoted(said)} is too large.")
