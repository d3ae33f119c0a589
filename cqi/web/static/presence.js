// Who else has this case review open, and where: asked while the page is in sight. No key is pressed for it and nothing clicked,
// so the server does not count it as work.
"use strict";

const ASK_EVERY = 25000;
const others = one("[data-presence]");

async function lookAround() {
  if (document.hidden || lapsed) return;
  const item = document.activeElement.closest(".item");
  const token = one("input[name=csrf_token]");
  try {
    const response = await fetch(others.dataset.presence, {
      method: "POST", body: new URLSearchParams({ place: item ? item.id : others.dataset.here, csrf_token: token.value }),
      redirect: "manual", credentials: "same-origin", signal: answersIn(NO_ANSWER),
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
    });
    if (response.type === "opaqueredirect" || response.status === 401) { signedOut(); return; }
    const answer = await response.json();
    if (answer.csrf) await sameHere();
    else if (response.ok) { others.innerHTML = answer.html; sendAll(); }
  } catch { /* nobody knows; where something is unsent, the queue says so */ }
}

if (others) {
  lookAround();
  setInterval(lookAround, ASK_EVERY);
  document.addEventListener("visibilitychange", lookAround);
}
