// On a phone, filters that are not in use are folded, so that the results come first. Without scripts they stay open.
export function startFilters(root) {
  const wide = window.matchMedia("(min-width: 60rem)");
  for (const panel of root.querySelectorAll("details.tl-filters")) {
    const fit = () => (panel.open = wide.matches || "active" in panel.dataset);
    wide.addEventListener("change", fit);
    fit();
  }
}
