// What every page's script begins with: jumps, keys, dialogs. Saving as you go is in queue.js, a sign-in that has ended in
// sign_in.js, one that is about to end in idle.js, who else is here in presence.js. Everything works without them, by plain form posts.
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

function press(selector) {
  const link = one(selector);
  if (link) link.click();
  return Boolean(link);
}

const PLAIN = { y: () => answer("yes"), n: () => answer("no"), a: () => answer("na") };
const WITH_ALT = {
  KeyM: () => jumpToNext("[data-missing]", one("[data-next-missing]:not([hidden])")),
  KeyN: () => jumpToNext(".q"),
  KeyQ: () => jumpToNext("[data-note-open]", one("[data-next-note]")),
  KeyS: () => press("[data-raise-alert]"),
};

function sendFromKeyboard(control) {
  const form = control.form;
  if (!form) return false;
  const note = control.closest("[data-note]");
  if (note) { form.requestSubmit(one("[name=send], [name=reopen]", note)); return true; }
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

/* ---- Clicks and print. ---- */

const samePage = (link) => link.pathname === location.pathname && link.search === location.search;

// A plain click on a link, not one that opens a new tab.
function linkOf(event) {
  const link = event.target.closest("a[href]");
  const elsewhere = event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey;
  return link && !elsewhere && !link.target ? link : null;
}

function onClick(event) {
  const opener = event.target.closest("[data-opens]");
  if (opener) byId(opener.dataset.opens).showModal();
  const filler = event.target.closest("[data-fills]");
  if (filler) for (const [id, value] of Object.entries(JSON.parse(filler.dataset.fills))) byId(id).value = value;
  const link = linkOf(event);
  if (link && samePage(link) && link.hash && link.hash === location.hash) followFragment();
}

/* ---- Sending: what is on its way is not sent a second time. ---- */

const AGAIN = 5000; // the page is still here after that: a file came, or the answer did not, and its buttons work again
let leaving = null, later; // the form that is on its way, with the QA notes that were written in it
let dropped = false; // what is unsaved on this page is left behind on purpose

function onSend(event) {
  const form = event.target, { submitter } = event;
  const stays = form.method !== "post" || form.target || (submitter && submitter.formTarget);
  if (event.defaultPrevented || stays) return;
  if (leaving) { event.preventDefault(); return; }
  leaving = form;
  later = setTimeout(stayHere, AGAIN);
}

function stayHere() { clearTimeout(later); leaving = null; }

const unsentNote = () => all("[data-note] textarea").some((text) => text.form !== leaving && text.value.trim());
// A form is unsaved as it stands ("yes": it came back refused, or settles two texts) or once something in it was changed.
const unsent = () => !dropped && (unsentNote() || (!leaving && all("[data-unsaved]").some(isUnsaved)));
const isUnsaved = (form) => form.dataset.unsaved !== "changed" || [...form.elements].some(wasChanged);

function wasChanged(field) {
  if (field.type === "hidden") return false;
  if (field.matches("select")) return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  return "defaultValue" in field && field.value !== field.defaultValue;
}

// Whoever stays after being asked can send again at once.
function askFirst(event) {
  event.preventDefault();
  event.returnValue = true;
  setTimeout(stayHere);
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("change", ({ target }) => { if (target.matches("[data-keys-switch]")) switchKeys(target.checked); });
window.addEventListener("hashchange", followFragment);
window.addEventListener("submit", onSend); // on the window: whoever stops a form, to save first or to sign in, has done so by now
window.addEventListener("pageshow", stayHere);
document.addEventListener("click", ({ target }) => { if (target.closest("[data-drops]")) dropped = true; });
window.addEventListener("beforeunload", (event) => { if (unsent()) askFirst(event); });
window.addEventListener("beforeprint", () => all("[data-print-copy-of]").forEach((copy) => { copy.textContent = byId(copy.dataset.printCopyOf).value; }));

foldSide();
all("[data-keys-switch]").forEach((box) => { box.checked = keysOn; });
followFragment();
// The browser's own jump comes after this script and takes the focus from a place that is no control: give it back.
window.addEventListener("load", () => setTimeout(() => { if (document.activeElement === document.body) followFragment(); }));
const errors = one("[data-error-summary]");
if (errors) errors.focus();
