import { plain } from "./text.js";

// Turns a scrolling list of checkboxes into one that can be filtered, with what is chosen shown above it.
let made = 0;

export function startPickMany(root) {
  root.querySelectorAll('[data-module="tl-pick-many"]').forEach(enhance);
}

function enhance(picker) {
  const noun = picker.dataset.noun;
  const list = picker.querySelector(".tl-pick__list");
  const items = [...list.querySelectorAll(".govuk-checkboxes__item")].map((element) => ({
    element,
    input: element.querySelector("input"),
    label: element.querySelector("label").textContent.trim(),
    words: plain(element.textContent),
  }));
  if (!items.length) return;

  made += 1;
  const chips = make("ul", "tl-pick__chips");
  chips.setAttribute("aria-label", `Chosen ${noun}`);
  const count = make("p", "tl-pick__count");
  count.setAttribute("role", "status");
  const label = make("label", "tl-pick__label", `Find in the list of ${noun}`);
  const box = make("input", "govuk-input");
  box.type = "search";
  box.autocomplete = "off";
  label.htmlFor = box.id = `tl-pick-${made}`;
  picker.prepend(chips, label, box);
  picker.append(count);

  function filter() {
    const wanted = plain(box.value).split(" ").filter(Boolean);
    let shown = 0;
    for (const item of items) {
      const fits = wanted.every((word) => item.words.includes(word));
      item.element.hidden = !fits;
      shown += fits;
    }
    for (const heading of list.querySelectorAll(".tl-choices__group")) heading.hidden = wanted.length > 0;
    count.textContent = wanted.length
      ? shown
        ? `${shown} of ${items.length} ${noun} shown`
        : `No ${noun} match what you typed`
      : `${items.filter((item) => item.input.checked).length} of ${items.length} ${noun} chosen`;
  }

  function draw() {
    const chosen = items.filter((item) => item.input.checked);
    chips.hidden = !chosen.length;
    chips.replaceChildren(...chosen.map(chip));
    filter();
  }

  function chip(item) {
    const line = make("li", "");
    const button = make("button", "tl-chip-button tl-chip-button--remove", item.label);
    button.type = "button";
    button.disabled = item.input.disabled;
    button.setAttribute("aria-label", `Remove ${item.label}`);
    button.addEventListener("click", () => {
      item.input.checked = false;
      item.input.dispatchEvent(new Event("change", { bubbles: true }));
      // The button is gone: keep the keyboard near where it was.
      (chips.querySelector("button") ?? box).focus();
    });
    line.append(button);
    return line;
  }

  box.addEventListener("input", (event) => {
    event.stopPropagation(); // What is typed to filter is no part of the form's answers.
    filter();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.value) {
      box.value = "";
      filter();
      event.preventDefault();
    }
    if (event.key === "Enter") {
      event.preventDefault(); // Enter picks the only match; it never sends the form half done.
      const shown = items.filter((item) => !item.element.hidden);
      if (box.value && shown.length === 1 && !shown[0].input.checked) {
        shown[0].input.click();
        box.select();
      }
    }
  });
  list.addEventListener("change", draw);
  draw();
}

function make(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
