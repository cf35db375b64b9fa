// Calls to the API, as the person who is signed in. What it refuses becomes a Problem in its own words.

import { config, signIn, token } from "./session.js";

const TRIES_MAX = 3;
const WAIT_SECONDS = 1;

/** An answer that is not what was asked for (RFC 9457). */
export class Problem extends Error {
  constructor({ status, title, detail, rule, facts, errors }) {
    super(detail ?? title);
    Object.assign(this, { status, title, detail, rule, facts, errors: errors ?? [] });
  }
}

/** query: empty values are left out; signal: aborts the call. Gives what JSON says, or the text of anything else. */
export const get = (path, query = {}, signal = undefined) => call("GET", withQuery(path, query), { signal });

/** The text of an answer in another media type than JSON. */
export const getAs = (type, path) => call("GET", path, { accept: type });

/** key: an Idempotency-Key from newKey(), the same for the same attempt. */
export const post = (path, body, key = undefined) => call("POST", path, { body: JSON.stringify(body), key });
/** A file as it is, of a media type. */
export const postFile = (path, file, type) => call("POST", path, { body: file, type });
export const put = (path, body) => call("PUT", path, { body: JSON.stringify(body) });
export const remove = (path) => call("DELETE", path, {});

/** A key for one attempt of a person: kept until the body changes, so that sending it again does nothing twice. */
export const newKey = () => crypto.randomUUID();

async function call(method, path, { body, type = "application/json", accept, key, signal }) {
  const { api } = await config();
  const bearer = (await token()) ?? (await signIn());
  const headers = { authorization: `Bearer ${bearer}` };
  if (body !== undefined) headers["content-type"] = type;
  if (accept) headers.accept = accept;
  if (key) headers["idempotency-key"] = key;
  const request = { method, headers, signal, body };
  const answer = await send(api + path, request, method === "GET" ? TRIES_MAX : 1);
  if (answer.status === 401) await signIn();
  const isJson = /[/+]json\b/.test(answer.headers.get("content-type"));
  if (answer.ok && !isJson) return answer.text();
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw new Problem({ title: "The answer was not understood", ...said, status: answer.status });
}

async function send(url, request, tries) {
  const answer = await fetch(url, request).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Problem({ title: "Not reached", detail: "The service could not be reached. Check the connection and try again." });
  });
  if (answer.status !== 503 || tries === 1) return answer;
  const wait = Number(answer.headers.get("retry-after")) || WAIT_SECONDS;
  await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  return send(url, request, tries - 1);
}

function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value != null);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}
