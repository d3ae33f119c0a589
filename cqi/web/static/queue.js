// Saving as you go (docs/saving.md). What stands within data-autosave="URL" is sent there, by its form's one saver: a queue in
// order of entry, one value at a time. What cannot be sent stays in the memory of this page and nowhere else.
"use strict";

const PAUSE = 800, SHOW_SAVING = 300, LONGEST_WAIT = 30000, NO_ANSWER = 15000;
const KEEPALIVE = 60000; // bytes; a browser sends no more than 64 KiB for a page that is gone
const KEPT = "Not saved yet. Kept here, will be sent when the connection is back.";
const OFFLINE = "No connection. What you write is kept here.";
let pressed = null; // where a button of the mouse, or a finger, is down
const savers = new Map();
const saverOf = (form) => savers.get(form) || savers.set(form, new Saver(form)).get(form);
const total = () => [...savers.values()].reduce((sum, saver) => sum + saver.unsent.size, 0);
const sendAll = () => savers.forEach((saver) => saver.send());

// Gives up a request that has no answer by then.
function answersIn(milliseconds) {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), milliseconds);
  return patience.signal;
}

class Saver {
  constructor(form) {
    this.form = form;
    this.queue = [];          // what to send, in order of entry; the first is under way, or was and nobody knows how it ended
    this.refused = new Map(); // name -> why; waits for the person, not for the connection
    this.typing = new Map();  // name -> timer of a text that is being written
    this.sending = false;
    this.failures = 0;
    this.held = new Map();    // id -> html that waits until the focus has left its place
  }

  get unsent() { return new Set([...this.queue.map(({ name }) => name), ...this.refused.keys(), ...this.typing.keys()]); }

  // Once tried, an entry is sent word for word until its answer is heard: had the first try reached the database, the same
  // again is no conflict there, but other words with the old revision would be one with oneself. What is newer waits behind it.
  changed(control) {
    const { name } = control;
    if (!name || control.type === "hidden") return;
    this.forget(name);
    const values = new FormData(this.form).getAll(name);
    const entry = { name, values, control, place: control.closest("[data-autosave]") };
    const waits = this.queue.findIndex((each) => each.name === name && !each.tried);
    if (waits < 0) this.queue.push(entry);
    else this.queue[waits] = entry;
    noLongerMissing(control);
    this.send();
  }

  forget(name) {
    clearTimeout(this.typing.get(name));
    this.typing.delete(name);
    this.refused.delete(name);
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

  drop() {
    clearTimeout(this.retry);
    for (const name of this.unsent) this.forget(name);
    this.queue = [];
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
    if (this.sending || !this.queue.length || lapsed) return;
    clearTimeout(this.retry);
    const [entry] = this.queue;
    this.sending = entry.tried = true;
    const slow = setTimeout(() => showSaving(entry.name), SHOW_SAVING);
    let answered = false;
    try { answered = await this.exchange(entry); } catch { /* no connection, or no answer in time */ }
    clearTimeout(slow);
    this.sending = false;
    if (answered) {
      this.failures = 0;
      this.queue = this.queue.filter((each) => each !== entry);
      this.release();
      this.send();
    } else this.keep();
    showTotal();
  }

  // True when the server has spoken about this entry.
  async exchange(entry) {
    const body = this.body(entry);
    const keepalive = document.hidden && body.toString().length < KEEPALIVE; // a page that nobody sees may be ended at any moment
    const response = await fetch(entry.place.dataset.autosave, {
      method: "POST", body, redirect: "manual", credentials: "same-origin", signal: answersIn(NO_ANSWER), keepalive,
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
    });
    if (response.type === "opaqueredirect" || response.status === 401) { signedOut(); return false; }
    if (response.status >= 500 || response.status === 429) return false;
    const answer = await response.json().catch(() => ({}));
    if (response.ok && !answer.saved_at) return false; // cut off, or the page of a hotel's network
    if (answer.csrf && !entry.renewed) {
      entry.renewed = await sameHere();
      return entry.renewed && this.exchange(entry);
    }
    const newer = this.queue.some((each) => each.name === entry.name && each !== entry);
    if (response.ok) this.saved(entry, answer, newer);
    else if (!newer && response.status === 409) this.conflict(entry, answer);
    else if (!newer) this.refuse(entry, answer.message || "This could not be saved. Load the page again and try once more.");
    return true;
  }

  keep() {
    for (const { name, control } of this.queue) { showSaved(name, "unsent", "Not saved yet"); note(control, name, KEPT); }
    this.failures += 1;
    this.retry = setTimeout(() => this.send(), Math.min(1000 * 2 ** this.failures, LONGEST_WAIT));
  }

  saved({ name, control }, answer, newer) {
    lastSaved = `All changes saved ${answer.saved_at}`;
    if (!newer) { note(control, name, ""); showSaved(name, "saved", `Saved ${answer.saved_at}`); }
    for (const { id, html } of answer.swaps || []) this.swap(id, html);
    if (answer.status) say(answer.status);
  }

  conflict({ name, control }, answer) {
    const words = answer.message || "Somebody else changed this too. Both texts are kept.";
    showSaved(name, "unsent", "Two texts");
    note(control, name, words, answer.conflict_url, "Choose between them");
    if (answer.conflict_url) this.refused.set(name, words);
    for (const { id, html } of answer.swaps || []) this.swap(id, html);
    say(words);
  }

  refuse({ name, control }, message) {
    this.refused.set(name, message);
    showSaved(name, "unsent", "Not saved");
    note(control, name, message);
    say(`Not saved: ${message}`);
  }

  // Never the control in use, nor one whose words are not sent yet: such a place waits until the focus has left it. A note
  // that appears moves what stands below: it waits for the focus around it, and until a pressed button is let go. So does
  // a place that is pressed: it would go from under the press, and the click would be lost.
  swap(id, html) {
    const place = byId(id), template = document.createElement("template");
    template.innerHTML = html.trim();
    const fresh = template.content.firstElementChild;
    if (!place || !fresh) return;
    const appears = fresh.matches("[data-missing]") && !place.offsetHeight;
    const around = appears ? place.parentElement : place;
    const { unsent } = this;
    const busy = around.contains(document.activeElement) || (pressed && (appears || place.contains(pressed))) || all("[name]", place).some(({ name }) => unsent.has(name));
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

const bars = all("[data-saved]");
let lastSaved = bars.length && !bars[0].hidden ? bars[0].textContent.trim() : "";

function showSaved(name, state, words) {
  for (const place of all(`[data-saved-for~="${CSS.escape(name)}"]`)) showIn(place, state, words);
}

function showIn(place, state, words) {
  place.hidden = !words;
  place.dataset.state = state;
  (one("[data-words]", place) || place).textContent = words;
}

function showSaving(name) {
  showSaved(name, "saving", "Saving");
  for (const place of bars) showIn(place, "saving", "Saving");
}

function showTotal() {
  const waiting = total(), failing = [...savers.values()].some((saver) => saver.failures);
  const refused = [...savers.values()].some((saver) => saver.refused.size);
  const count = `${waiting} not saved yet`;
  for (const place of bars) {
    if (waiting && failing) showIn(place, "unsent", `${count}. Kept here, will be sent when the connection is back.`);
    else if (waiting && refused) showIn(place, "unsent", count);
    else if (!waiting && navigator.onLine === false) showIn(place, "unsent", OFFLINE);
    else if (!waiting) showIn(place, "saved", lastSaved);
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
  const lines = all("[data-missing-note]", place), gone = new Set(lines.map(({ id }) => id));
  for (const line of lines) keepsRoom ? line.classList.add("is-spent") : line.remove();
  for (const described of [place, ...all("[aria-describedby]", place)]) {
    const ids = (described.getAttribute("aria-describedby") || "").split(/\s+/).filter((id) => id && !gone.has(id));
    if (ids.length) described.setAttribute("aria-describedby", ids.join(" "));
    else described.removeAttribute("aria-describedby");
  }
}

/* ---- Leaving: wait a moment for what is under way, warn while something is unsent. ---- */

async function settle() {
  for (const saver of savers.values()) { saver.flush(); saver.send(); }
  const until = Date.now() + 2000;
  const stuck = () => [...savers.values()].some((saver) => saver.failures || saver.refused.size);
  // At least once: within its own submit event a form cannot be submitted again.
  do await new Promise((done) => { setTimeout(done, 20); }); while (total() && !stuck() && Date.now() < until);
}

function onLeaving(event) {
  const link = linkOf(event);
  if (!link || !total() || link.origin !== location.origin || (link.hash && samePage(link))) return;
  event.preventDefault();
  settle().then(() => { location.href = link.href; });
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
    if (saver) saver.drop();
    form.requestSubmit(submitter);
    delete form.dataset.settled;
  });
}

/* ---- What is sent when. ---- */

const TEXTS = "textarea, input:not([type=radio], [type=checkbox], [type=hidden], [type=date], [type=submit])";
// What stands within [data-plain] is sent by a button only.
const autosaved = (control) => control.form && control.name && control.closest("[data-autosave]") && !control.closest("[data-plain]");
const releaseAll = () => setTimeout(() => savers.forEach((saver) => saver.release()));

document.addEventListener("input", ({ target }) => { if (target.matches(TEXTS) && autosaved(target)) saverOf(target.form).typed(target); });
document.addEventListener("change", ({ target }) => {
  if (!target.matches(TEXTS) && target.matches("input, select") && autosaved(target)) saverOf(target.form).changed(target);
});
document.addEventListener("focusout", ({ target }) => {
  if (target.matches(TEXTS) && autosaved(target)) saverOf(target.form).left(target);
  releaseAll();
});
document.addEventListener("pointerdown", ({ target }) => { pressed = target; });
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { pressed = null; releaseAll(); });
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key !== "Enter" || !target.matches("input") || !autosaved(target)) return;
  event.preventDefault(); // no button is pressed: a text is sent at once, all else was
  if (target.matches(TEXTS)) saverOf(target.form).typed(target, 0);
});
document.addEventListener("click", onLeaving);
document.addEventListener("submit", onSubmit);
// Going out of sight sends what is being written; a laptop that wakes up tries again at once.
document.addEventListener("visibilitychange", () => { if (document.hidden) savers.forEach((saver) => saver.flush()); else sendAll(); });
window.addEventListener("online", () => { sendAll(); showTotal(); });
window.addEventListener("offline", showTotal);
window.addEventListener("beforeunload", (event) => { if (total()) askFirst(event); });

// What the server refused stands in its field and is saved nowhere.
for (const control of all("[aria-invalid=true]").filter(autosaved)) saverOf(control.form).refused.set(control.name, "");
showTotal();
