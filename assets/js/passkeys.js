import { announce } from "./announce.js";

// A form with data-passkey asks the device for a passkey before it is sent: "sign-in" (the options come from the form's
// address), "confirm" or "add" (they stand in the element that data-passkey-options names). Its button is hidden until
// here, because without JavaScript, or in a browser that does not know passkeys, there is nothing it could do.
export function startPasskeys(root) {
  if (!window.PublicKeyCredential) return;
  for (const form of root.querySelectorAll("form[data-passkey]")) arm(form);
}

function arm(form) {
  const button = [...form.elements].find((element) => element.type === "submit"); // It may stand outside of the form.
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const options = (await optionsFor(form)).publicKey;
      const credential = form.dataset.passkey === "add" ? await make(form, options) : await use(options);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch (problem) {
      say(form, problem);
      button.disabled = false;
    }
  });
}

async function optionsFor(form) {
  const source = form.dataset.passkeyOptions;
  const data = source ? JSON.parse(document.getElementById(source).textContent) : await ask(form.action);
  return data.creation_options ?? data.request_options;
}

async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

async function make(form, options) {
  const alone = form.elements.passwordless?.checked ?? false;
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials),
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone && { userVerification: "required" }),
    },
  };
  const made = await navigator.credentials.create({ publicKey });
  return described(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function use(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: listed(options.allowCredentials),
  };
  const used = await navigator.credentials.get({ publicKey });
  return described(used, {
    authenticatorData: text(used.response.authenticatorData),
    signature: text(used.response.signature),
    userHandle: used.response.userHandle ? text(used.response.userHandle) : null,
  });
}

function described(credential, response) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  };
}

function listed(credentials) {
  return credentials?.map((credential) => ({ ...credential, id: bytes(credential.id) }));
}

function bytes(encoded) {
  const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function say(form, problem) {
  const words =
    {
      NotAllowedError: "No passkey was used: it was cancelled, or it took too long. You can try again.",
      InvalidStateError: "This device has a passkey for your account already.",
      NotSupportedError: "This device cannot make such a passkey.",
    }[problem.name] ?? "The passkey did not work. Try again, or choose another way.";
  let line = form.querySelector("[data-passkey-says]");
  if (!line) {
    line = document.createElement("p");
    line.className = "govuk-error-message";
    line.dataset.passkeySays = "";
    form.append(line);
  }
  line.textContent = words;
  announce(words);
}
