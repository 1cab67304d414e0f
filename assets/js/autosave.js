import { answers, fill, forget, forgetPerson, keep, kept, keyOf, sameAsShown, tidy } from "./kept.js";

// <form data-autosave-url="…">: its answers are posted there a second after typing stops and when the page is left.
// The answer may be JSON with `autosave_url` (where to save from now on) and `fields` (hidden inputs to set, such as a version).
const RESTORE = "tl-bring-back";
const PAUSE = 1000;
const LONGEST_WAIT = 10000;
const TRUSTED = 5 * 60 * 1000; // A server that answered this lately will take the last request of a page that is left.

const clock = (time) => new Date(time).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = (time) => new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "long" });

// Runs before pickers are built, because it fills the plain fields below them.
export function bringBack(root) {
  for (const form of root.querySelectorAll("form[data-autosave-url]")) {
    if (sessionStorage.getItem(RESTORE) !== keyOf(form)) continue;
    sessionStorage.removeItem(RESTORE);
    const copy = kept(form);
    if (!copy) continue;
    fill(form, copy.answers);
    form.dataset.broughtBack = "true";
  }
}

export function startAutosave(root) {
  tidy();
  for (const form of root.querySelectorAll("form[data-forget-drafts]")) form.addEventListener("submit", forgetPerson);
  root.querySelectorAll("form[data-autosave-url]").forEach((form) => new Autosave(form));
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]") ?? this.makeStatus();
    this.lastSaved = null;
    this.lastHeard = performance.timeOrigin;
    this.changedSince = 0;
    this.changed = false;
    this.sending = false;
    this.signedOut = false;
    this.submitted = false;
    this.failures = 0;
    this.note = "";

    form.addEventListener("input", () => this.change());
    form.addEventListener("change", () => this.change());
    form.addEventListener("submit", () => this.leaveBySubmit());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => event.persisted && (this.submitted = false));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leave() : this.comeBack()));
    window.addEventListener("focus", () => this.comeBack());
    window.addEventListener("online", () => this.changed && this.save());

    if (form.dataset.broughtBack) this.change();
    else this.offer();
  }

  makeStatus() {
    const status = document.createElement("p");
    status.className = "tl-autosave";
    status.setAttribute("role", "status");
    this.form.prepend(status);
    return status;
  }

  say(text, trouble = false) {
    this.status.classList.toggle("tl-autosave--trouble", trouble);
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  change() {
    if (!this.changed) this.changedSince = Date.now();
    this.changed = true;
    clearTimeout(this.timer);
    const latest = Math.max(this.changedSince + LONGEST_WAIT - Date.now(), 0);
    this.timer = setTimeout(() => this.save(), Math.min(PAUSE, latest));
  }

  body() {
    const body = new URLSearchParams(answers(this.form));
    const token = this.form.querySelector('input[name="csrfmiddlewaretoken"]');
    if (token) body.set("csrfmiddlewaretoken", token.value);
    return body;
  }

  post(options = {}) {
    return fetch(this.form.dataset.autosaveUrl, {
      method: "POST",
      body: this.body(),
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
      credentials: "same-origin",
      redirect: "manual",
      ...options,
    });
  }

  async save() {
    if (this.sending || this.submitted || !this.changed) return;
    clearTimeout(this.timer);
    this.sending = true;
    this.changed = false;
    let answer;
    try {
      answer = await this.post();
    } catch {
      answer = null;
    }
    this.sending = false;
    if (this.submitted) return;
    if (answer?.ok) await this.saved(answer);
    else await this.notSaved(answer);
    if (this.changed && !this.failures && !this.signedOut) this.change();
  }

  async saved(answer) {
    this.failures = 0;
    this.signedOut = false;
    this.lastSaved = this.lastHeard = Date.now();
    if (!this.changed) forget(this.form);
    const said = await this.said(answer);
    this.form.dispatchEvent(new CustomEvent("draft-saved", { detail: said }));
    this.note = said.message || this.note; // It stays true, so it stays to be read.
    this.say([`Draft saved at ${clock(this.lastSaved)}.`, this.note].filter(Boolean).join(" "), Boolean(this.note));
  }

  // What the server answers besides yes or no: where and as what to save from now on, and what the person should know.
  async said(answer) {
    if (!answer?.headers.get("Content-Type")?.includes("json")) return {};
    const said = await answer.json().catch(() => ({}));
    if (said.autosave_url) this.form.dataset.autosaveUrl = said.autosave_url;
    for (const [name, value] of Object.entries(said.fields ?? {})) {
      const field = this.form.querySelector(`input[type="hidden"][name="${CSS.escape(name)}"]`);
      if (field) field.value = value;
    }
    return said;
  }

  async notSaved(answer) {
    this.changed = true;
    const copied = keep(this.form);
    const here = copied ? `What you typed is kept in this browser (${clock(Date.now())}).` : "Copy what you typed before you leave this page.";
    const upTo = this.lastSaved ? `Your draft up to ${clock(this.lastSaved)} is saved.` : "";
    if (answer && (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403)) {
      this.signedOut = true;
      return this.say(`You have been signed out. ${upTo} ${here} Sign in in another tab, then come back here and carry on.`, true);
    }
    if (answer && answer.status >= 400 && answer.status < 500) {
      this.changed = false;
      const { message } = await this.said(answer);
      const why = message || (answer.status === 409 ? "Someone else has changed this since you opened it." : "The draft could not be saved.");
      return this.say(`${why} ${here}`, true);
    }
    this.failures += 1;
    this.say(`The draft could not be sent. ${upTo} ${here} We will keep trying.`, true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.min(2500 * 2 ** this.failures, 60000));
  }

  // Someone who signed in again elsewhere has a new token: fetch it, so that both the draft and the form itself can be sent.
  async comeBack() {
    if (!this.signedOut || this.asking) return;
    this.asking = true;
    try {
      const page = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
      if (!page.ok) return;
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector('input[name="csrfmiddlewaretoken"]');
      if (!fresh) return;
      for (const token of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) token.value = fresh.value;
      this.signedOut = false;
      this.changed = true;
      await this.save();
    } catch {
      // Still not connected: the next return to this page asks again.
    } finally {
      this.asking = false;
    }
  }

  leave() {
    if (this.submitted || !this.changed) return;
    // The browser finishes this request after the page is gone, unless it is large. Nobody hears how it ends, so a copy
    // stays here where it may fail. Where only the tab was left, the outcome still counts.
    const trusted = navigator.onLine && !this.failures && !this.signedOut && Date.now() - this.lastHeard < TRUSTED;
    if (!trusted || this.body().toString().length > 60000) keep(this.form);
    this.changed = false;
    this.post({ keepalive: true })
      .then((answer) => (answer.ok ? this.saved(answer) : this.notSaved(answer)))
      .catch(() => this.notSaved(null));
  }

  // From here on the form itself carries the answers; a copy stays until a page says that they arrived.
  leaveBySubmit() {
    this.submitted = true;
    clearTimeout(this.timer);
    keep(this.form, true);
  }

  offer() {
    const copy = kept(this.form);
    if (!copy) return;
    if (sameAsShown(this.form, copy.answers)) return forget(this.form);
    const box = document.createElement("div");
    box.className = "tl-kept";
    const text = document.createElement("p");
    text.textContent = `This browser kept what you typed here at ${clock(copy.at)} on ${day(copy.at)}. It is not in what you see below.`;
    const back = button("Bring it back", "govuk-button");
    back.addEventListener("click", () => {
      sessionStorage.setItem(RESTORE, keyOf(this.form));
      location.reload();
    });
    const drop = button("Discard it", "govuk-button govuk-button--secondary");
    drop.addEventListener("click", () => {
      forget(this.form);
      box.remove();
      this.say("Discarded");
    });
    const group = document.createElement("div");
    group.className = "govuk-button-group";
    group.append(back, drop);
    box.append(text, group);
    this.form.before(box);
  }
}

function button(label, className) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = label;
  return element;
}
