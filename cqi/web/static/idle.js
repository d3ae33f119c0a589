// A sign-in ends some minutes after the last key or click of its person. The page tells the server of those, and of nothing
// else; before the end it asks how long is left, for another window may be in use, and then warns. Any key or click extends.
"use strict";

const idle = byId("idle");
const TOLD_EVERY = 20000, WARN = 120; // milliseconds; seconds before the end
let endsAt = 0, toldAt = 0, tellLater, lookLater, count, toldFinal = false;

function endIn({ left, final }) {
  endsAt = Date.now() + left * 1000;
  clearTimeout(lookLater);
  if (left > WARN && idle.open) idle.close();
  lookLater = setTimeout(lookAtTheClock, Math.max(left - WARN, 0) * 1000);
  return { left, final };
}

async function askHowLong(method = "GET") {
  if (lapsed) return null;
  const token = one("input[name=csrf_token]");
  const body = method === "POST" ? new URLSearchParams({ csrf_token: token ? token.value : "" }) : undefined;
  try {
    const response = await fetch(idle.dataset.activity, {
      method, body, redirect: "manual", credentials: "same-origin", signal: answersIn(NO_ANSWER),
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
    });
    if (response.type === "opaqueredirect" || response.status === 401) { over(); return null; }
    const answer = await response.json();
    if (answer.csrf) { await sameHere(); return null; }
    return response.ok ? endIn(answer) : null;
  } catch { return null; } // no connection: what is known of the end still holds
}

async function lookAtTheClock() {
  const answer = await askHowLong();
  if (lapsed || (answer && answer.left > WARN)) return;
  clearTimeout(lookLater);
  warn(Boolean(answer && answer.final));
}

function warn(final) {
  clearInterval(count);
  count = setInterval(countDown, 1000);
  for (const words of all("[data-final]", idle)) words.hidden = (words.dataset.final === "yes") !== final;
  if (!idle.open && !(final && toldFinal)) idle.showModal();
  toldFinal = final;
  countDown();
}

function countDown() {
  const left = Math.round((endsAt - Date.now()) / 1000);
  if (left > WARN || lapsed) { clearInterval(count); return; }
  one("[data-left]", idle).textContent = left > 60 ? "2 minutes" : left === 1 ? "1 second" : `${Math.max(left, 0)} seconds`;
  if (left > 0) return;
  clearInterval(count);
  askHowLong().then((answer) => { if (!answer) over(); }); // without an answer too: nobody is there to read
}

function over() {
  if (idle.open) idle.close();
  signedOut();
}

// The key or click that answers the warning does nothing else: no letter is typed by it and no button pressed behind it.
function stillHere(event) {
  if (!event.isTrusted || lapsed || (idle.open && event.type === "pointerdown")) return;
  if (idle.open) { event.preventDefault(); event.stopPropagation(); }
  clearTimeout(tellLater);
  const wait = idle.open ? 0 : TOLD_EVERY - (Date.now() - toldAt);
  if (idle.open) idle.close();
  const tell = () => { toldAt = Date.now(); askHowLong("POST"); };
  if (wait <= 0) tell();
  else tellLater = setTimeout(tell, wait);
}

if (idle) {
  endIn({ left: Number(idle.dataset.leftAtFirst), final: false });
  toldAt = Date.now(); // that the page was opened is known
  for (const sign of ["keydown", "pointerdown", "click"]) document.addEventListener(sign, stillHere, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() > endsAt - WARN * 1000) lookAtTheClock(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) askHowLong(); });
}
