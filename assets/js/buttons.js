import { announce } from "./announce.js";

// <button type="button" data-copy="id-of-what-to-copy" hidden>Copy</button>: shown where the browser can do it.
export function startCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button[data-copy]")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      const text = "value" in source ? source.value : source.textContent.trim();
      let result = "Copied";
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        result = "Select the text and copy it by hand";
      }
      button.textContent = result;
      announce(result);
      setTimeout(() => (button.textContent = label), 4000);
    });
  }
}

// <button type="button" data-print hidden>Print this page</button>
export function startPrintButtons(root) {
  for (const button of root.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
