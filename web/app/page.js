// What every page has: the header with its navigation, the status line, and problems in the API's own words.

import { Problem } from "./api.js";
import { el } from "./elements.js";
import { signIn, signOut, token, who } from "./session.js";

const ALL = () => true;
const PAGES = [
  { href: "/", name: "Dashboard", shown: ALL },
  { href: "/submit.html", name: "Submit an item", shown: ALL },
  { href: "/catalog.html", name: "Item catalog", shown: ALL },
  { href: "/tracker.html", name: "Tracker", shown: ALL },
  { href: "/plans.html", name: "Plans", shown: ALL },
  { href: "/cases.html", name: "Cases", shown: ALL },
  { href: "/work.html", name: "Worklists", shown: (person) => person.operator },
  { href: "/learning.html", name: "Learning", shown: (person) => person.operator },
  { href: "/provider.html", name: "Waiting claims", shown: (person) => person.providers.length > 0 },
  { href: "/partners.html", name: "Partners", shown: (person) => person.accountManager },
  { href: "/partner.html", name: "Partner", shown: (person) => person.partners.length > 0 },
];

/** Runs a page for whoever is signed in: run(person), as `who` tells of them; signs in first where nobody is. */
export async function open(run) {
  if (!(await token())) await signIn();
  const person = who();
  header(person);
  await attempt(() => run(person));
}

/** Where somebody begins who has work here; undefined for holders. */
export const workOf = (person) => PAGES.find(({ shown }) => shown !== ALL && shown(person))?.href;

/** Runs something that may be refused, and shows why it was. Gives its result; undefined where it was refused. */
export async function attempt(run, place = document.querySelector("#problem")) {
  place.replaceChildren();
  try {
    return await run();
  } catch (error) {
    if (error.name === "AbortError") return undefined;
    place.replaceChildren(problem(error));
    say("");
    if (!(error instanceof Problem)) throw error;
    return undefined;
  }
}

/** Says to eyes and ears what just happened. */
export function say(text) {
  document.querySelector("#status").textContent = text;
}

/** An error as the API words it: title, detail, each field at fault, the rule that decided. */
export function problem({ title = "Something went wrong on this page", message, rule, errors = [] }) {
  return el(
    "div",
    { class: "problem", role: "alert" },
    el("p", { class: "title" }, title),
    el("p", {}, message),
    errors.length ? el("ul", {}, ...errors.map((fault) => el("li", {}, el("code", {}, fault.field), `: ${fault.message}`))) : null,
    rule ? el("p", { class: "quiet" }, "Rule ", el("code", {}, rule)) : null,
  );
}

/** Calls run when typing or choosing pauses; an earlier call that is not answered yet is given up: run(signal). */
export function whenChanged(form, run, milliseconds = 200) {
  let timer;
  let call = new AbortController();
  form.addEventListener("submit", (event) => event.preventDefault());
  const start = (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      call.abort();
      call = new AbortController();
      run(call.signal);
    }, event.type === "input" ? milliseconds : 0);
  };
  form.addEventListener("input", start);
  form.addEventListener("submit", start);
}

/**
 * Runs what a form is for when it is sent: run(button), once at a time. Why it was refused is told where the form has
 * room for it (class "refused"), otherwise at the top of the page.
 */
export function whenSent(form, run) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const buttons = [...form.querySelectorAll("button")].filter((button) => !button.disabled);
    for (const button of buttons) button.disabled = true;
    try {
      await attempt(() => run(event.submitter), form.querySelector(".refused") ?? undefined);
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  });
}

/** Fields of a form that have a value, by name; kept in the address, so that reload and sign-in come back to them. */
export function remember(form, more = {}) {
  const given = { ...Object.fromEntries(new FormData(form)), ...more };
  const kept = Object.entries(given).filter(([, value]) => value !== "");
  const query = new URLSearchParams(kept).toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
  return given;
}

/** The fields of a form as the address has them. */
export function recall(form) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of query) if (form.elements[name]) form.elements[name].value = value;
  return query;
}

function header(person) {
  const here = location.pathname.replace("/index.html", "/");
  const links = PAGES.filter((page) => page.shown(person)).map(({ href, name }) =>
    el("li", {}, el("a", { href, "aria-current": href === here ? "page" : null }, name)),
  );
  document.querySelector("#header").replaceChildren(
    el("a", { class: "brand", href: "/" }, "Standing"),
    el("nav", { "aria-label": "Pages" }, el("ul", {}, ...links)),
    el(
      "div",
      { class: "person" },
      el("span", { class: "account" }, person.email),
      el("button", { type: "button", class: "plain", onclick: signOut }, "Sign out"),
    ),
  );
}
