"""The build gives the same bytes each time, survives hashed file names, and its colours can be read."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from .conftest import ROOT, build

TOKENS = dict(
    re.findall(
        r"^\$([a-z-]+): (#[0-9a-f]{6});", (ROOT / "assets/sass/_tokens.scss").read_text(), re.MULTILINE
    )
)
TINTED = ("pine", "red", "green", "blue", "orange", "purple", "grey")


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    assert files(build(tmp_path / "once")) == files(build(tmp_path / "again"))


def test_everything_the_style_sheet_asks_for_is_there(built: Path) -> None:
    css = (built / "throughline.css").read_text()
    asked = {url for url in re.findall(r"url\(\"?([^)\"]+)", css) if not url.startswith("data:")}
    assert asked
    for url in asked:
        assert (built / url).is_file(), url


def test_nothing_is_fetched_from_elsewhere(built: Path) -> None:
    assert not re.search(r"url\(\"?https?:|@import", (built / "throughline.css").read_text())
    assert "GDS Transport" not in (built / "throughline.css").read_text()


def test_licences_travel_with_what_they_cover(built: Path) -> None:
    text = (built / "LICENCES.txt").read_text()
    for name in ("govuk-frontend", "accessible-autocomplete", "SIL Open Font License"):
        assert name in text
    assert "SIL OPEN FONT LICENSE" in (built / "fonts/OFL.txt").read_text()


def test_files_can_be_collected_under_hashed_names(built: Path, tmp_path: Path, settings: Any) -> None:
    settings.STATICFILES_DIRS = [built.parent, ROOT / "static/images"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())["paths"]
    css = (settings.STATIC_ROOT / hashed["build/throughline.css"]).read_text()
    font = Path(hashed["build/fonts/atkinson-hyperlegible-next-latin-400-normal.woff2"]).name
    assert f"fonts/{font}" in css


def test_the_renderer_of_documents_gets_whole_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (ROOT / "node_modules/@fontsource").is_dir():
        pytest.skip("node_modules is missing, so there are no web fonts to convert")
    from fontTools.ttLib import TTFont

    spec = importlib.util.spec_from_file_location("fonts", ROOT / "assets/fonts.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "TARGET", tmp_path)
    script.main()
    made = {path.name: TTFont(path) for path in tmp_path.glob("*.ttf")}
    assert sorted(made) == sorted(script.FACES.values())
    for font in made.values():
        assert font["name"].getDebugName(16) == "Atkinson Hyperlegible Next"
        assert {ord(letter) for letter in "aZ09£€–’“ŁŵŷâéŠ"} <= set(font.getBestCmap())
    first = files(tmp_path)
    script.main()
    assert files(tmp_path) == first


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "background", "least"),
    [
        (TOKENS["ink"], TOKENS["paper"], 7),
        (TOKENS["ink"], TOKENS["marigold"], 7),
        (TOKENS["ink"], TOKENS["marigold-tint"], 7),
        (TOKENS["ink-soft"], "#ffffff", 7),
        (TOKENS["ink-soft"], TOKENS["paper"], 7),
        (TOKENS["pine"], TOKENS["paper"], 7),
        ("#ffffff", TOKENS["pine"], 7),
        ("#ffffff", TOKENS["pine-deep"], 7),
        ("#ffffff", TOKENS["red"], 4.5),
        (TOKENS["red"], TOKENS["paper"], 4.5),
        (TOKENS["marigold-dark"], TOKENS["marigold-tint"], 4.5),
        (TOKENS["pine-mid"], TOKENS["paper"], 4.5),
        (TOKENS["line-strong"], "#ffffff", 3),
        (TOKENS["line-strong"], TOKENS["paper"], 3),
        *((TOKENS[name], TOKENS[f"{name}-tint"], 4.5) for name in TINTED),
    ],
)
def test_colours_can_be_told_apart(text: str, background: str, least: float) -> None:
    assert contrast(text, background) >= least
