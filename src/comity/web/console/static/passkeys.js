// Passkeys: asks the device what a form's data-options say, and sends its answer with the form.

const forms = document.querySelectorAll("form[data-passkey]");
const can = window.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined;

async function answered(form) {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "register") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

for (const form of forms) {
  form.hidden = !can;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const credential = await answered(form);
      form.elements.credential.value = JSON.stringify(credential.toJSON());
    } catch {
      failed.hidden = false;
      return;
    }
    form.submit();
  });
}
for (const one of document.querySelectorAll("[data-no-passkeys]")) one.hidden = can;
