import { initAll } from "govuk-frontend";
import { bringBack, startAutosave } from "./autosave.js";
import { startCopyButtons, startPrintButtons } from "./buttons.js";
import { startFilters } from "./filters.js";
import { startGrids } from "./grid.js";
import { startPasskeys } from "./passkeys.js";
import { startPickMany } from "./pick-many.js";
import { startPickOne } from "./pick-one.js";
import { startPolling } from "./polling.js";
import { startPresent } from "./present.js";
import { startQuickDays } from "./quick-days.js";
import { startReading } from "./read.js";

function start(root) {
  for (const begin of [startPickOne, startPickMany, startQuickDays, startCopyButtons, startPrintButtons, startFilters, startGrids, startPasskeys, startReading]) begin(root);
}

bringBack(document);
initAll();
start(document);
startAutosave(document);
startPolling(document, start);
startPresent(document);
