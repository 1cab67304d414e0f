// The meeting room: arrow keys, Page Up and Page Down go from screen to screen, Home and End to the first and the last, Escape closes.
export function startPresent(root) {
  const shown = root.querySelector('[data-module="tl-present"]');
  if (!shown) return;
  const screens = [...shown.querySelectorAll(".tl-screen")];
  const current = () => {
    const middle = window.innerHeight / 2;
    const at = screens.findIndex((screen) => screen.getBoundingClientRect().bottom > middle);
    return at < 0 ? screens.length - 1 : at;
  };
  const show = (index) => {
    const screen = screens[Math.max(0, Math.min(screens.length - 1, index))];
    screen.scrollIntoView({ block: "start" });
    screen.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
    history.replaceState(null, "", `#${screen.id}`);
  };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    const steps = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1, Home: -screens.length, End: screens.length };
    if (event.key in steps) {
      event.preventDefault();
      show(current() + steps[event.key]);
    } else if (event.key === "Escape") {
      window.location.assign(shown.dataset.exit);
    }
  });
}
