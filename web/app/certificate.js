// A certificate of completion on its way to the store: it goes there directly, by a form that the API signs.

import { post, Problem } from "./api.js";

// A file's name says little: what it begins with is what the API looks at, too.
const BEGINNINGS = { "application/pdf": "%PDF-", "image/png": "\x89PNG\r\n\x1a\n", "image/jpeg": "\xff\xd8\xff" };

/** Uploads a file under a key of its own, and gives the key. Raises Problem in words. */
export async function upload(file) {
  const place = await post("/certificates", { content_type: await typeOf(file) });
  if (file.size > place.bytes_max) {
    throw refused(`${file.name} is larger than ${place.bytes_max / 2 ** 20} MiB, the most that is taken. Choose a smaller file.`);
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(place.upload.fields)) form.append(name, value);
  form.append("file", file);
  const answer = await fetch(place.upload.url, { method: "POST", body: form }).catch(() => {
    throw refused("The store could not be reached. Check the connection and choose the file again.");
  });
  if (!answer.ok) throw refused(`The store answered ${answer.status}. Choose the file again.`);
  return place.certificate_key;
}

async function typeOf(file) {
  const bytes = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  const beginning = String.fromCharCode(...bytes);
  const found = Object.entries(BEGINNINGS).find(([, expected]) => beginning.startsWith(expected));
  if (!found) throw refused(`${file.name} is no PDF, PNG or JPEG file. Choose the certificate as one of these.`);
  return found[0];
}

const refused = (detail) => new Problem({ title: "The certificate was not uploaded", detail });
