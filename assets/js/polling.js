import { announce } from "./announce.js";

// An element with data-poll-url is replaced by what that address answers, until an answer has no data-poll-url.
// data-poll-seconds sets the pace; the text of an element with data-announce in the answer is read out when it changes.
export function startPolling(root, begin) {
  for (const element of root.querySelectorAll("[data-poll-url]")) follow(element, begin, "");
}

function follow(element, begin, said) {
  const wait = Number(element.dataset.pollSeconds || 2) * 1000;
  let failures = 0;

  async function ask() {
    let next;
    try {
      const answer = await fetch(element.dataset.pollUrl, {
        headers: { Accept: "text/html", "X-Requested-With": "fetch" },
        credentials: "same-origin",
      });
      // A redirect is the way to the sign-in page: leave what is shown, and say why it has stopped.
      if (answer.redirected || answer.status === 401 || answer.status === 403)
        return announce("You have been signed out. Sign in again to see how this ends.");
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      next = holder.content.firstElementChild;
      if (!next) throw new Error("empty answer");
    } catch {
      failures += 1;
      return setTimeout(ask, Math.min(wait * 2 ** failures, 60000));
    }
    element.replaceWith(next);
    const text = next.querySelector("[data-announce]")?.textContent.trim() ?? "";
    if (text && text !== said) announce(text);
    begin(next);
    if (next.dataset.pollUrl) follow(next, begin, text);
  }

  setTimeout(ask, wait);
}
