// Builds static/build from assets: one style sheet, one script, the fonts and the licences of what is in them.
// Run with `npm run build` after `npm ci`; the same sources always give the same bytes. Another folder may be named.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const out = process.argv[2] ? resolve(process.argv[2]) : join(root, "static", "build");
const font = "@fontsource/atkinson-hyperlegible-next";

async function styles() {
  const { css } = sass.compile(join(root, "assets/sass/throughline.scss"), {
    style: "compressed",
    loadPaths: [modules],
    quietDeps: true,
  });
  await writeFile(join(out, "throughline.css"), css);
}

async function scripts() {
  await esbuild.build({
    entryPoints: [join(root, "assets/js/throughline.js"), join(root, "assets/js/boot.js")],
    absWorkingDir: root,
    outdir: out,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    legalComments: "none",
    logLevel: "warning",
  });
}

async function fonts() {
  await mkdir(join(out, "fonts"), { recursive: true });
  for (const subset of ["latin", "latin-ext"])
    for (const face of ["400-normal", "400-italic", "600-normal", "600-italic"]) {
      const name = `atkinson-hyperlegible-next-${subset}-${face}.woff2`;
      await copyFile(join(modules, font, "files", name), join(out, "fonts", name));
    }
  await copyFile(join(modules, font, "LICENSE"), join(out, "fonts", "OFL.txt"));
}

async function licences() {
  const texts = [];
  for (const [name, file] of [
    ["govuk-frontend", join(root, "assets/licences/govuk-frontend.txt")], // its package carries none
    ["accessible-autocomplete", join(modules, "accessible-autocomplete/LICENSE.txt")],
    [font, join(modules, font, "LICENSE")],
  ]) {
    const text = await readFile(file, "utf8");
    texts.push(`${name}\n\n${text.trim()}\n`);
  }
  await writeFile(join(out, "LICENCES.txt"), texts.join("\n----\n\n"));
}

// Clears what an older build left, but for the fonts that assets/fonts.py makes after this.
async function clear() {
  await mkdir(out, { recursive: true });
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && !entry.name.endsWith(".ttf")) await rm(join(entry.parentPath ?? entry.path, entry.name));
}

await clear();
await Promise.all([styles(), scripts(), fonts(), licences()]);
