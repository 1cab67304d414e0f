// One polite live region for the page: what is put here is read out without moving the focus.
let region;

export function announce(text) {
  if (!region) {
    region = document.createElement("div");
    region.className = "govuk-visually-hidden";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 100);
}
