"""Makes TrueType files for the PDF renderer, which cannot read web fonts: assets/fonts.py, after `npm run build`.

The Latin and extended Latin halves of a face are merged, so that names such as Łukasz or Siân print in one font.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules/@fontsource/atkinson-hyperlegible-next/files"
TARGET = ROOT / "static/build/fonts"
FACES = {
    "400-normal": "AtkinsonHyperlegibleNext-Regular.ttf",
    "400-italic": "AtkinsonHyperlegibleNext-Italic.ttf",
    "600-normal": "AtkinsonHyperlegibleNext-SemiBold.ttf",
    "700-normal": "AtkinsonHyperlegibleNext-Bold.ttf",
}


def truetype(face: str, target: Path) -> None:
    with TemporaryDirectory() as folder:
        halves = []
        for subset in ("latin", "latin-ext"):
            font = TTFont(SOURCE / f"atkinson-hyperlegible-next-{subset}-{face}.woff", recalcTimestamp=False)
            font.flavor = None
            # Glyph classes and alternates name glyphs of one half only and cannot be merged; letters and kerning can.
            for table in ("GDEF", "GSUB", "STAT"):
                if table in font:
                    del font[table]
            halves.append(Path(folder) / f"{subset}.ttf")
            font.save(halves[-1])
        merged = Merger().merge([str(half) for half in halves])
        # The time of the build would make every build another file.
        merged.recalcTimestamp = False
        merged["head"].created = merged["head"].modified = font["head"].modified
    merged["name"].setName("Atkinson Hyperlegible Next", 16, 3, 1, 0x409)
    merged["name"].setName(target.stem.split("-")[1], 17, 3, 1, 0x409)
    merged.save(target, reorderTables=True)


def main() -> None:
    if not SOURCE.is_dir():
        sys.exit("The web fonts are missing. Run `npm ci` and `npm run build` first.")
    TARGET.mkdir(parents=True, exist_ok=True)
    for face, name in FACES.items():
        truetype(face, TARGET / name)


if __name__ == "__main__":
    main()
