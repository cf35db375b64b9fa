// A certificate of completion, or another proof, on its way to the store and back: there directly, as the API signs it.

import { get, post, Problem } from "./api.js";
import { el } from "./elements.js";
import { attempt } from "./page.js";

// A file's name says little: what it begins with is what the API looks at, too.
const BEGINNINGS = { "application/pdf": "%PDF-", "image/png": "\x89PNG\r\n\x1a\n", "image/jpeg": "\xff\xd8\xff" };

/** Uploads a file to a place that a path of the API gives; what it gave, the key too. Raises Problem in words. */
export async function upload(file, path = "/certificates") {
  const place = await post(path, { content_type: await typeOf(file) });
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
  return place;
}

/** A button that fetches what a path of the API tells the address of, which is good for a minute: asked for when wanted. */
export function downloadButton(path, name = "Download") {
  const place = el("span", {});
  const download = async () => {
    const found = await get(path).catch((error) => {
      if (error.status === 404) return null;
      throw error;
    });
    if (found) location.assign(found.url);
    else place.replaceChildren("None was uploaded.");
  };
  place.append(el("button", { type: "button", class: "plain", "aria-label": name, onclick: () => attempt(download) }, "Download"));
  return place;
}

async function typeOf(file) {
  const bytes = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  const beginning = String.fromCharCode(...bytes);
  const found = Object.entries(BEGINNINGS).find(([, expected]) => beginning.startsWith(expected));
  if (!found) throw refused(`${file.name} is no PDF, PNG or JPEG file. Choose it as one of these.`);
  return found[0];
}

const refused = (detail) => new Problem({ title: "The file was not uploaded", detail });
