// When the sign-in has ended: the page is hidden, what was typed is kept, and whoever wrote it signs in and goes on. Anybody
// else, or closing the page, drops it. The sign-in page itself is asked who is signed in: it says so to everybody, with a token.
"use strict";

const overlay = byId("signed-out");
const WAIT = 3000;
let lapsed = false, before = null; // where the focus was

function signedOut() {
  if (lapsed || !overlay) return;
  lapsed = true;
  before = document.activeElement;
  document.documentElement.classList.add("is-signed-out");
  overlay.showModal();
  sameHere();
}

// True when the person whom this page was made for is signed in: the page then has their present form token.
// `again`: a step of signing in was sent, so that the next one takes the place of its form.
async function sameHere(again = false) {
  const page = await signInPage();
  if (!page) return false;
  if (!overlay) return takeToken(page); // nobody signs in here
  const here = one("#signed-out", page);
  if (!here) { signedOut(); ask(page, again); return false; }
  if (here.dataset.person !== overlay.dataset.person) { dropAll(); return false; }
  takeToken(page);
  if (lapsed) goOn();
  return true;
}

function takeToken(page) {
  const fresh = one("input[name=csrf_token]", page);
  if (fresh) all("input[name=csrf_token]").forEach((field) => { field.value = fresh.value; });
  return Boolean(fresh);
}

async function signInPage() {
  try {
    const response = await fetch(overlay ? overlay.dataset.signIn : location.href, { credentials: "same-origin", signal: answersIn(NO_ANSWER) });
    if (!response.ok) throw new Error();
    tell("");
    return parsed(await response.text());
  } catch {
    tell("The server does not answer. This page asks again by itself.");
    if (lapsed) setTimeout(() => { if (lapsed) sameHere(); }, WAIT);
    return null;
  }
}

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
const tell = (words) => { if (overlay) one("[data-told]", overlay).textContent = words; };

// The form of the sign-in page, in the overlay; one that is being filled in stays.
function ask(page, again = false) {
  const form = one("form[name=sign_in]", page), place = one("[data-sign-in-form]", overlay);
  if (!form || (place.firstElementChild && !again)) return;
  place.replaceChildren(document.importNode(form, true));
  (one("[aria-invalid=true]", place) || one("input:not([type=hidden])", place)).focus();
}

async function signIn(event) {
  event.preventDefault();
  event.stopPropagation(); // it leaves no page
  const form = event.target, body = new URLSearchParams(new FormData(form, event.submitter));
  try {
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin", signal: answersIn(NO_ANSWER) });
    if (response.type === "opaqueredirect") { await sameHere(true); return; }
    const page = parsed(await response.text());
    ask(one("form[name=sign_in]", page) ? page : await signInPage(), true);
  } catch { tell("The server does not answer. Try again in a moment."); }
}

function goOn() {
  lapsed = false;
  document.documentElement.classList.remove("is-signed-out");
  one("[data-sign-in-form]", overlay).replaceChildren();
  overlay.close();
  if (before) before.focus({ preventScroll: true });
  if (idle) askHowLong();
  sendAll();
}

function dropAll() {
  savers.forEach((saver) => saver.drop());
  location.replace(overlay.dataset.home);
}

if (overlay) {
  overlay.addEventListener("submit", signIn);
  overlay.addEventListener("cancel", (event) => event.preventDefault());
  overlay.addEventListener("close", () => { if (lapsed) overlay.showModal(); }); // a browser closes it at the second Escape
  document.addEventListener("visibilitychange", () => { if (lapsed && !document.hidden) sameHere(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) sameHere(); }); // back from the browser's memory
}
