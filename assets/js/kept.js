// Copies of unsaved forms in this browser, for when the server cannot be reached. Each belongs to one person and one form.
const PREFIX = "tl-kept:";
const DAYS = 7;

const person = () => document.body.dataset.person ?? "";

export const keyOf = (form) => `${PREFIX}${person()}:${form.dataset.autosaveKey || location.pathname}`;

// The answers of a form; never passwords, files or the token that proves where the form came from.
export function answers(form) {
  return [...new FormData(form)].filter(
    ([name, value]) =>
      typeof value === "string" && name !== "csrfmiddlewaretoken" && !form.querySelector(`[type="password"][name="${CSS.escape(name)}"]`),
  );
}

export function keep(form, submitted = false) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), answers: answers(form), submitted }));
    return true;
  } catch {
    return false; // Storage is full or switched off.
  }
}

export function kept(form) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(form)));
  } catch {
    return null;
  }
}

export function forget(form) {
  remove((key) => key === keyOf(form));
}

export function forgetPerson() {
  remove((key) => key.startsWith(`${PREFIX}${person()}:`));
}

// Old copies go, and so do those of forms that were sent and arrived: the next page then says that it is done.
export function tidy() {
  const done = document.querySelector(".govuk-notification-banner--success");
  remove((key, copy) => {
    if (Date.now() - copy.at > DAYS * 86400000) return true;
    return Boolean(done && copy.submitted && key.startsWith(`${PREFIX}${person()}:`));
  });
}

function remove(unwanted) {
  try {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
      let copy;
      try {
        copy = JSON.parse(localStorage.getItem(key));
      } catch {
        copy = { at: 0 };
      }
      if (unwanted(key, copy)) localStorage.removeItem(key);
    }
  } catch {
    // No storage, so nothing to remove.
  }
}

// Visible answers only: what the server put into hidden fields says nothing about what was typed.
export function sameAsShown(form, list) {
  const visible = ([name]) => !form.querySelector(`input[type="hidden"][name="${CSS.escape(name)}"]`);
  const text = (pairs) => JSON.stringify(pairs.filter(visible).filter(([, value]) => value !== "").map(([name, value]) => [name, value.replace(/\r\n/g, "\n")]).sort());
  return text(list) === text(answers(form));
}

// Puts answers back into the plain fields, before anything has been built on top of them.
export function fill(form, list) {
  const byName = new Map();
  for (const [name, value] of list) byName.set(name, [...(byName.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || ["hidden", "file", "password", "submit", "button"].includes(field.type)) continue;
    const values = byName.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = values.includes(option.value);
    else field.value = values.shift() ?? "";
  }
}
