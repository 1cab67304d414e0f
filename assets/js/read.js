// Following the link of something new marks it as read, as its button does; the server is told while the next page loads.
export function startReading(root) {
  for (const link of root.querySelectorAll("[data-read-with]")) {
    const form = document.getElementById(link.dataset.readWith);
    if (!form) continue;
    const tell = () => fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" }).catch(() => {});
    link.addEventListener("click", tell);
    link.addEventListener("auxclick", (event) => event.button === 1 && tell());
  }
}
