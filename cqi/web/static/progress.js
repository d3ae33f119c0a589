// How far something is that a job does: asked every two seconds while the page is in sight, until it has ended.
"use strict";

const LOOK_EVERY = 2000;
const working = one("[data-progress]");

async function lookAgain() {
  if (document.hidden || lapsed) return;
  try {
    const response = await fetch(working.dataset.progress, {
      redirect: "manual", credentials: "same-origin", signal: answersIn(NO_ANSWER), headers: { "X-Requested-With": "fetch" },
    });
    if (response.type === "opaqueredirect" || response.status === 401) { signedOut(); return; }
    if (!response.ok) return;
    working.innerHTML = await response.text();
    if (one("[data-ended]", working)) clearInterval(looking);
  } catch { /* the link says how to look again */ }
}

const looking = working && setInterval(lookAgain, LOOK_EVERY);
