import accessibleAutocomplete from "accessible-autocomplete";
import { announce } from "./announce.js";
import { plain } from "./text.js";

// Turns a select into a box in which typing part of a name finds it. The select stays and carries the answer.
export function startPickOne(root) {
  root.querySelectorAll('[data-module="tl-pick-one"] select').forEach(enhance);
}

function enhance(select) {
  if (select.disabled || select.multiple) return;
  const id = select.id;
  const options = [...select.options].filter((option) => option.value);
  const describedBy = select.getAttribute("aria-describedby");
  const invalid = select.getAttribute("aria-invalid");

  accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    defaultValue: select.value ? select.selectedOptions[0].textContent.trim() : "",
    showAllValues: true,
    confirmOnBlur: false,
    displayMenu: "overlay",
    dropdownArrow: () => '<svg class="autocomplete__dropdown-arrow-down" viewBox="0 0 16 16" focusable="false" aria-hidden="true"><path d="m3 5.5 5 5 5-5" fill="none" stroke="currentColor" stroke-width="2"/></svg>',
    menuAttributes: { "aria-label": "Matches" },
    source: (typed, show) => show(matches(options, typed)),
    onConfirm: (label) => choose(label),
  });

  const input = document.getElementById(id);
  if (!input || input === select) return;
  if (describedBy) {
    // The component sets its own description; both belong to the box.
    const own = input.getAttribute("aria-describedby");
    input.setAttribute("aria-describedby", [describedBy, own].filter(Boolean).join(" "));
  }
  if (invalid) input.setAttribute("aria-invalid", invalid);

  function choose(label) {
    const option = options.find((candidate) => plain(candidate.textContent) === plain(label ?? ""));
    if (!option) return;
    select.value = option.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What is typed is only an answer when it is in the list: an emptied box means no answer, an unknown name is said.
  input.addEventListener("blur", () => {
    const typed = plain(input.value);
    if (typed === plain(select.selectedOptions[0]?.textContent ?? "") && select.value) return;
    const found = typed && options.find((option) => plain(option.textContent) === typed);
    if (found) return choose(found.textContent);
    const before = select.value;
    select.value = "";
    if (before !== select.value) select.dispatchEvent(new Event("change", { bubbles: true }));
    if (typed) announce(`${input.value} is not in the list, so nothing is chosen`);
  });
}

function matches(options, typed) {
  const wanted = plain(typed);
  const labels = options.map((option) => option.textContent.trim());
  if (!wanted) return labels;
  const starts = labels.filter((label) => plain(label).startsWith(wanted));
  const holds = labels.filter((label) => !starts.includes(label) && wanted.split(" ").every((word) => plain(label).includes(word)));
  return [...starts, ...holds];
}
