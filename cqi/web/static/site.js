// The pages' one script: jumps, keys, and saving as you go. Everything works without it, by plain form posts.
"use strict";

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);

document.documentElement.classList.add("has-script");

/* ---- Folding and jumps: the place that a link names is unfolded and takes the focus. ---- */

// The case navigation is a <details>: open from 1024 px, folded on a phone.
const wide = window.matchMedia("(min-width: 64em)");
const foldSide = () => all("details.side").forEach((side) => { side.open = wide.matches; });
wide.addEventListener("change", foldSide);

function focusOn(place) {
  for (let at = place; at; at = at.parentElement) if (at.matches("details")) at.open = true;
  const target = place.matches("details") ? one("summary", place)
    : place.matches(".field [data-keeps-room]") ? one("textarea", place.parentElement)
    : place.matches(".q") ? one("fieldset", place) || place
    : place.matches(".field:not(fieldset)") ? one("textarea, input, select", place) || place : place;
  if (!target.matches("a, button, input, select, textarea, summary")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}

function followFragment() {
  const place = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
  if (place) focusOn(place);
}

/* ---- The one polite live region of the page, throttled. ---- */

let sayLater;
function say(words) {
  clearTimeout(sayLater);
  sayLater = setTimeout(() => { const status = byId("status"); if (status) status.textContent = words; }, 500);
}

/* ---- Keys: letters only while the focus is on an answer, the rest with Alt or Ctrl; one switch turns all off. ---- */

const KEYS = "cqi.keys";
let keysOn = true;
try { keysOn = localStorage.getItem(KEYS) !== "off"; } catch { /* storage is forbidden: keys stay on */ }

function switchKeys(on) {
  keysOn = on;
  try { localStorage.setItem(KEYS, on ? "on" : "off"); } catch { /* not remembered */ }
}

function answer(value) {
  const here = document.activeElement;
  const group = here && here.matches("[data-answers], [data-answers] input[type=radio]") && here.closest("[data-answers]");
  const radio = group && one(`input[type=radio][value="${value}"]`, group);
  if (!radio) return false;
  radio.focus({ preventScroll: true });
  if (!radio.checked) radio.click();
  return true;
}

function nextOf(selector) {
  const places = all(selector).filter((place) => !place.closest("[hidden]"));
  const here = document.activeElement;
  const behind = (place) => here.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING;
  return places.find((place) => behind(place) && !here.contains(place)) || places[0];
}

function jumpToNext(selector, otherwise) {
  const place = nextOf(selector);
  if (place) focusOn(place);
  else if (otherwise) otherwise.click();
  return Boolean(place || otherwise);
}

const PLAIN = { y: () => answer("yes"), n: () => answer("no"), a: () => answer("na") };
const WITH_ALT = {
  KeyM: () => jumpToNext("[data-missing]", one("[data-next-missing]:not([hidden])")),
  KeyN: () => jumpToNext(".q"),
  KeyQ: () => jumpToNext(".thread"),
};

function sendFromKeyboard(control) {
  const form = control.form;
  if (!form) return false;
  if (control.closest("[data-autosave]")) { saverOf(form).typed(control, 0); return true; }
  if (!form.matches("[data-send]")) return false;
  form.requestSubmit();
  return true;
}

function onKey(event) {
  if (!keysOn || event.defaultPrevented || event.isComposing) return;
  const { altKey, ctrlKey, metaKey } = event;
  const action = ctrlKey && event.key === "Enter" && event.target.matches("textarea") ? () => sendFromKeyboard(event.target)
    : altKey && !ctrlKey && !metaKey ? WITH_ALT[event.code]
    : !altKey && !ctrlKey && !metaKey ? PLAIN[event.key.toLowerCase()] : null;
  if (action && action()) event.preventDefault();
}

/* ---- Saving as you go. What stands within data-autosave="URL" is sent there, by its form's one saver: a queue in order of
   entry, one request at a time. ---- */

const PAUSE = 800, SHOW_SAVING = 300, LONGEST_WAIT = 30000;
const KEPT = "Not saved yet. Kept here, will be sent when the connection is back.";
let pressed = false; // a button of the mouse, or a finger
const savers = new Map();
const saverOf = (form) => savers.get(form) || savers.set(form, new Saver(form)).get(form);
const total = () => [...savers.values()].reduce((sum, saver) => sum + saver.unsent, 0);

class Saver {
  constructor(form) {
    this.form = form;
    this.queue = new Map();   // name -> what to send, in order of entry
    this.refused = new Map(); // name -> why; waits for the person, not for the connection
    this.typing = new Map();  // name -> timer of a text that is being written
    this.sending = null;
    this.failures = 0;
    this.held = new Map();    // id -> html that waits until the focus has left its place
  }

  get unsent() { return this.queue.size + this.refused.size + this.typing.size + (this.sending ? 1 : 0); }

  changed(control) {
    const { name } = control;
    if (!name || control.type === "hidden") return;
    clearTimeout(this.typing.get(name));
    this.typing.delete(name);
    this.refused.delete(name);
    const values = new FormData(this.form).getAll(name);
    this.queue.set(name, { name, values, control, place: control.closest("[data-autosave]") });
    noLongerMissing(control);
    this.send();
  }

  typed(control, pause = PAUSE) {
    clearTimeout(this.typing.get(control.name));
    if (!pause) return this.changed(control);
    this.typing.set(control.name, setTimeout(() => this.changed(control), pause));
  }

  left(control) { if (this.typing.has(control.name)) this.changed(control); }

  flush() {
    for (const name of [...this.typing.keys()]) {
      const control = one(`[name="${CSS.escape(name)}"]`, this.form);
      if (control) this.changed(control);
    }
  }

  body({ name, values, place }) {
    const body = new URLSearchParams([["changed", name], ...values.map((value) => [name, value])]);
    for (const other of ["csrf_token", ...(place.dataset.with || "").split(" ")]) {
      const field = this.form.elements[other];
      if (field) body.append(other, field.value);
    }
    return body;
  }

  async send() {
    if (this.sending || !this.queue.size) return;
    clearTimeout(this.retry);
    const entry = this.queue.values().next().value;
    this.queue.delete(entry.name);
    this.sending = entry;
    const slow = setTimeout(() => showSaving(entry.name), SHOW_SAVING);
    let result = "lost";
    try { result = await this.exchange(entry); } catch { /* no connection */ }
    clearTimeout(slow);
    this.sending = null;
    if (result === "lost") this.keep(entry);
    else { this.failures = 0; this.release(); this.send(); }
    showTotal(this.savedAt);
  }

  async exchange(entry) {
    const response = await fetch(entry.place.dataset.autosave, {
      method: "POST", body: this.body(entry), redirect: "manual", credentials: "same-origin",
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
    });
    if (response.type === "opaqueredirect" || response.status === 401) { signedOut(this); return "lost"; }
    if (response.status >= 500 || response.status === 429) return "lost";
    const answer = await response.json().catch(() => ({}));
    if (response.ok && answer.saved_at) this.saved(entry, answer);
    else if (response.status === 409) this.conflict(entry, answer);
    else if (answer.csrf && !entry.refreshed && await refreshToken(this.form)) this.again({ ...entry, refreshed: true });
    else this.refuse(entry, answer.message || "This could not be saved. Load the page again and try once more.");
    return "answered";
  }

  again(entry) {
    const later = [...this.queue].filter(([name]) => name !== entry.name);
    this.queue = new Map([[entry.name, this.queue.get(entry.name) || entry], ...later]);
  }

  keep(entry) {
    this.again(entry);
    for (const { name, control } of this.queue.values()) { showSaved(name, "unsent", "Not saved yet"); note(control, name, KEPT); }
    this.failures += 1;
    this.retry = setTimeout(() => this.send(), Math.min(1000 * 2 ** this.failures, LONGEST_WAIT));
  }

  saved({ name, control }, answer) {
    this.savedAt = answer.saved_at;
    if (!this.queue.has(name)) { note(control, name, ""); showSaved(name, "saved", `Saved ${answer.saved_at}`); }
    for (const { id, html } of answer.swaps || []) this.swap(id, html);
    if (answer.status) say(answer.status);
  }

  conflict({ name, control }, answer) {
    showSaved(name, "unsent", "Two texts");
    note(control, name, answer.message || "Somebody else changed this too. Both texts are kept.", answer.conflict_url, "Choose between them");
    if (answer.conflict_url) this.refused.set(name, answer.message);
    for (const { id, html } of answer.swaps || []) this.swap(id, html);
    say(answer.message || "Somebody else changed this too. Both texts are kept.");
  }

  refuse({ name, control }, message) {
    if (this.queue.has(name)) return; // a newer value waits: a date is sent with each digit of its year
    this.refused.set(name, message);
    showSaved(name, "unsent", "Not saved");
    note(control, name, message);
    say(`Not saved: ${message}`);
  }

  // Never the control in use, nor one whose words are not sent yet: such a place waits until the focus has left it. A note
  // that appears moves what stands below: it waits for the focus around it, and until a pressed button is let go.
  swap(id, html) {
    const place = byId(id), template = document.createElement("template");
    template.innerHTML = html.trim();
    const fresh = template.content.firstElementChild;
    if (!place || !fresh) return;
    const appears = fresh.matches("[data-missing]") && !place.offsetHeight;
    const around = appears ? place.parentElement : place;
    const waiting = (name) => this.queue.has(name) || this.typing.has(name) || this.refused.has(name)
      || (this.sending && this.sending.name === name);
    const busy = around.contains(document.activeElement) || (appears && pressed) || all("[name]", place).some((control) => waiting(control.name));
    if (busy) { this.held.set(id, html); return; }
    this.held.delete(id);
    if (place.matches("[data-keeps-room]")) fresh.style.minHeight = `${place.getBoundingClientRect().height}px`;
    if (place.matches("details")) fresh.open = place.open;
    const notes = all("[id^=unsent-]", place);
    place.replaceWith(template.content);
    for (const line of notes) one(`[data-field="${CSS.escape(line.id.replace("unsent-", ""))}"]`)?.append(line);
  }

  release() { for (const [id, html] of [...this.held]) this.swap(id, html); }
}

/* ---- What a person sees of saving. ---- */

function showSaved(name, state, words) {
  for (const place of all(`[data-saved-for~="${CSS.escape(name)}"]`)) showIn(place, state, words);
}

function showIn(place, state, words) {
  place.hidden = false;
  place.dataset.state = state;
  (one("[data-words]", place) || place).textContent = words;
}

function showSaving(name) {
  showSaved(name, "saving", "Saving");
  for (const place of all("[data-saved]")) showIn(place, "saving", "Saving");
}

function showTotal(savedAt) {
  const waiting = total();
  for (const place of all("[data-saved]")) {
    if (waiting && [...savers.values()].some((saver) => saver.failures || saver.refused.size)) showIn(place, "unsent", `${waiting} not saved yet`);
    else if (!waiting && savedAt) showIn(place, "saved", `All changes saved ${savedAt}`);
  }
}

// The gold line at a field; empty words take it away.
function note(control, name, words, url, link) {
  const live = control.isConnected ? control : one(`[name="${CSS.escape(name)}"]`);
  const place = live && live.closest("[data-field]");
  if (!place) return;
  const id = `unsent-${name}`;
  let line = byId(id);
  if (!words) { if (line) line.remove(); return; }
  if (!line) { line = document.createElement("p"); line.id = id; line.className = "todo small"; place.append(line); }
  line.textContent = `${words} `;
  // A button, not a link: it takes the text along.
  if (url) { const button = document.createElement("button"); button.className = "usa-button usa-button--unstyled"; button.type = "submit"; button.formAction = url; button.textContent = link; line.append(button); }
}

function noLongerMissing(control) {
  const place = control.isConnected && control.closest("[data-missing]");
  if (!place || (control.matches("textarea, input[type=text]") && !control.value.trim())) return;
  place.removeAttribute("data-missing");
  place.classList.remove("q--missing", "field--missing");
  // Beside a text the note keeps its room: were it gone between pressing and letting go of a button, the click would miss.
  const keepsRoom = control.matches("textarea, input[type=text]");
  for (const line of all("[data-missing-note]", place)) keepsRoom ? line.classList.add("is-spent") : line.remove();
  for (const described of [place, ...all("[aria-describedby]", place)]) {
    const ids = (described.getAttribute("aria-describedby") || "").split(/\s+/).filter((id) => id && !id.endsWith("-missing"));
    if (ids.length) described.setAttribute("aria-describedby", ids.join(" "));
    else described.removeAttribute("aria-describedby");
  }
}

// Signed out: the text is hidden, kept, and sent when the person has signed in again in another tab.
function signedOut(saver) {
  const overlay = byId("signed-out");
  if (!overlay || overlay.open) return;
  overlay.showModal();
  overlay.addEventListener("close", async () => { await refreshToken(saver.form).catch(() => false); saver.send(); }, { once: true });
}

// A new session has another token: take it from this page, fetched again.
async function refreshToken(form) {
  const response = await fetch(location.href, { redirect: "manual", credentials: "same-origin" });
  if (!response.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = one("input[name=csrf_token]", page);
  if (!fresh) return false;
  all("input[name=csrf_token]").forEach((field) => { field.value = fresh.value; });
  return Boolean(form);
}

/* ---- Leaving: wait a moment for what is under way, warn while something is unsent. ---- */

async function settle() {
  for (const saver of savers.values()) { saver.flush(); saver.send(); }
  const until = Date.now() + 2000;
  const stuck = () => [...savers.values()].some((saver) => saver.failures || saver.refused.size);
  // At least once: within its own submit event a form cannot be submitted again.
  do await new Promise((done) => { setTimeout(done, 20); }); while (total() && !stuck() && Date.now() < until);
}

function onClick(event) {
  const opener = event.target.closest("[data-opens]");
  if (opener) byId(opener.dataset.opens).showModal();
  const filler = event.target.closest("[data-fills]");
  if (filler) for (const [id, value] of Object.entries(JSON.parse(filler.dataset.fills))) byId(id).value = value;
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target) return;
  if (link.hash && link.pathname === location.pathname && link.search === location.search) {
    if (link.hash === location.hash) followFragment();
  } else if (total() && link.origin === location.origin) {
    event.preventDefault();
    settle().then(() => { location.href = link.href; });
  }
}

function onSubmit(event) {
  const form = event.target;
  if (form.method === "dialog" || !total() || form.dataset.settled) return;
  event.preventDefault();
  const { submitter } = event;
  settle().then(() => {
    const saver = savers.get(form); // a plain post of this form carries all its fields
    if (saver && saver.failures) { say(KEPT); return; } // into a dead connection, with the page that keeps them
    form.dataset.settled = "yes";
    if (saver) { saver.queue.clear(); saver.refused.clear(); }
    form.requestSubmit(submitter);
    delete form.dataset.settled;
  });
}

const TEXTS = "textarea, input:not([type=radio], [type=checkbox], [type=hidden], [type=date], [type=submit])";
// What stands within [data-plain] is sent by a button only.
const autosaved = (control) => control.form && control.name && control.closest("[data-autosave]") && !control.closest("[data-plain]");

document.addEventListener("input", ({ target }) => { if (target.matches(TEXTS) && autosaved(target)) saverOf(target.form).typed(target); });
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-keys-switch]")) switchKeys(target.checked);
  else if (!target.matches(TEXTS) && target.matches("input, select") && autosaved(target)) saverOf(target.form).changed(target);
});
const releaseAll = () => setTimeout(() => savers.forEach((saver) => saver.release()));
document.addEventListener("focusout", ({ target }) => {
  if (target.matches(TEXTS) && autosaved(target)) saverOf(target.form).left(target);
  releaseAll();
});
document.addEventListener("pointerdown", () => { pressed = true; });
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { pressed = false; releaseAll(); });
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Enter" && target.matches("input") && autosaved(target)) {
    event.preventDefault(); // no button is pressed: a text is sent at once, all else was
    if (target.matches(TEXTS)) saverOf(target.form).typed(target, 0);
  }
  onKey(event);
});
document.addEventListener("click", onClick);
document.addEventListener("submit", onSubmit);
document.addEventListener("visibilitychange", () => { if (document.hidden) savers.forEach((saver) => saver.flush()); });
window.addEventListener("online", () => savers.forEach((saver) => saver.send()));
window.addEventListener("hashchange", followFragment);
window.addEventListener("beforeunload", (event) => { if (total()) { event.preventDefault(); event.returnValue = true; } });
window.addEventListener("beforeprint", () => all("[data-print-copy-of]").forEach((copy) => { copy.textContent = byId(copy.dataset.printCopyOf).value; }));

foldSide();
all("[data-keys-switch]").forEach((box) => { box.checked = keysOn; });
followFragment();
// The browser's own jump comes after this script and takes the focus from a place that is no control: give it back.
window.addEventListener("load", () => setTimeout(() => { if (document.activeElement === document.body) followFragment(); }));
// What the server refused stands in its field and is saved nowhere.
for (const control of all("[aria-invalid=true]").filter(autosaved)) saverOf(control.form).refused.set(control.name, "");
showTotal();
const errors = one("[data-error-summary]");
if (errors) errors.focus();
