// Passkeys: what the server asks for goes to the browser, and what the browser answers goes back.
"use strict";

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const NO_PASSKEY = "No passkey was used. Try again, or go on without one.";

function prepared(options) {
  options.challenge = bytesOf(options.challenge);
  if (options.user) options.user.id = bytesOf(options.user.id);
  for (const list of [options.allowCredentials, options.excludeCredentials]) for (const each of list || []) each.id = bytesOf(each.id);
  return options;
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = textOf(credential.response[name]);
  }
  const { id, type, authenticatorAttachment } = credential;
  return JSON.stringify({ id, type, authenticatorAttachment, rawId: textOf(credential.rawId), response, clientExtensionResults: {} });
}

const toldBy = (place, words) => { one("[data-passkey-told]", place.closest("form, .card")).textContent = words; };

// With any passkey of this site; in the overlay of a page whose sign-in has ended too.
async function showPasskey(button) {
  const form = button.closest("form");
  toldBy(button, "");
  try {
    const asked = await fetch(button.dataset.passkey, { credentials: "same-origin", headers: { Accept: "application/json" } });
    const credential = await navigator.credentials.get({ publicKey: prepared(await asked.json()) });
    const body = new URLSearchParams({ credential: written(credential), csrf_token: form.elements.csrf_token.value, next: form.elements.next ? form.elements.next.value : "" });
    if (button.dataset.again) body.set("again", "yes");
    const answer = await fetch(button.dataset.passkey, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
    const said = await answer.json();
    if (!answer.ok) toldBy(button, said.message);
    else if (lapsed) await sameHere(true);
    else location.assign(said.next);
  } catch { toldBy(button, NO_PASSKEY); }
}

async function makePasskey(form) {
  try {
    const credential = await navigator.credentials.create({ publicKey: prepared(JSON.parse(form.dataset.passkeyNew)) });
    form.elements.credential.value = written(credential);
    form.submit();
  } catch { toldBy(form, NO_PASSKEY); }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-passkey]");
  if (button) showPasskey(button);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-passkey-new]") || event.target.elements.credential.value) return;
  event.preventDefault();
  makePasskey(event.target);
});
