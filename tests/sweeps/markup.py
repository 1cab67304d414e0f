"""What a page of HTML says about itself, read with the standard library."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
}  # fmt: skip
# Elements whose end tag may be left out are left out nowhere in our templates, so each must be closed.
NEEDS_NAME = {"input", "select", "textarea"}
NAMELESS = {"hidden", "submit", "button", "reset", "image"}


class Page(HTMLParser):
    """Collects faults while it reads; `faults()` says all of them in words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.references: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self.landmarks: Counter[str] = Counter()
        self.title = ""
        self.links: list[dict[str, str | None]] = []
        self.html = html
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = dict(pairs)
        if len(given) != len(pairs):
            self.wrong.append(f"<{tag}> has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)
        if "id" in given:
            self.ids[given["id"] or ""] += 1
        if tag == "label" and given.get("for"):
            self.labels.add(given["for"] or "")
        if tag in NEEDS_NAME and given.get("type") not in NAMELESS:
            self.fields.append(given | {"tag": tag, "in_label": "yes" if "label" in self.open else ""})
        if tag == "img" and "alt" not in given:
            self.wrong.append(f"an image without words: {given.get('src')}")
        if tag in ("main", "nav", "header", "footer"):
            self.landmarks[tag] += 1
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if tag == "a":
            self.links.append(given)
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            for name in (given.get(attribute) or "").split():
                self.references.append((attribute, name))

    def handle_startendtag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, pairs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1] if self.open else 'nothing'}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data

    def faults(self) -> list[str]:
        found = list(self.wrong)
        found += [f"<{tag}> is never closed" for tag in self.open]
        found += [f"the id {name!r} is there {n} times" for name, n in self.ids.items() if n > 1 or not name]
        if self.headings.count(1) != 1:
            found.append(f"{self.headings.count(1)} first-level headings")
        for before, after in zip(self.headings, self.headings[1:], strict=False):
            if after > before + 1:
                found.append(f"a heading of level {after} follows one of level {before}")
        if self.landmarks["main"] != 1:
            found.append(f"{self.landmarks['main']} main regions")
        for field in self.fields:
            named = field.get("id") in self.labels or field["in_label"]
            if not (named or field.get("aria-label") or field.get("aria-labelledby")):
                found.append(f"no label for the {field['tag']} {field.get('name')!r}")
        found += [
            f"{attribute} names {name!r}, which is not there"
            for attribute, name in self.references
            if name not in self.ids
        ]
        if not self.title.strip():
            found.append("no title")
        return found
