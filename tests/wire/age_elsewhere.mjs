// Seals and opens age files with the package age-encryption: for test_age_elsewhere.py.
// node age_elsewhere.mjs PACKAGE seal|open|recipient KEYS INPUT OUTPUT

import { readFileSync, writeFileSync } from "node:fs";

const [package_, act, keys, input, output] = process.argv.slice(2);
const age = await import(package_);
const data = new Uint8Array(readFileSync(input));

if (act === "seal") {
  const sealing = new age.Encrypter();
  for (const recipient of keys.split(",")) sealing.addRecipient(recipient);
  writeFileSync(output, await sealing.encrypt(data));
} else if (act === "open") {
  const opening = new age.Decrypter();
  opening.addIdentity(keys);
  writeFileSync(output, await opening.decrypt(data));
} else {
  writeFileSync(output, await age.identityToRecipient(keys));
}
