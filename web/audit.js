import { get } from "./app/api.js";
import { day, el, details, instant } from "./app/elements.js";
import { AUDIT, learningTabs } from "./app/learning.js";
import { attempt, open, recall, remember, say, whenSent } from "./app/page.js";
import { navigation, partnerOf } from "./app/partner.js";
import { number, words } from "./app/words.js";

const search = document.querySelector("#search");
const entries = document.querySelector("#entries");
const more = document.querySelector("#more");
let cursor = null;
// Where the journal is that is shown: a path of the API, or nothing while it is not known whose.
let source = ofHolder;

function entry(one) {
  return el(
    "li",
    { class: "card" },
    el("h2", {}, day(one.day), ` ${what(one)}`),
    el("p", { class: "quiet" }, `Entry ${one.seq}, recorded `, instant(one.recorded_at), one.cause ? `: ${one.cause}` : null),
    one.accounts ? details([["Name", one.name], ["Accounts", one.accounts.join(", ") || "none"]]) : null,
    part("Facts", one.facts.map(fact)),
    // What follows is in journals of holders only.
    part("Refused", one.refused?.map(({ fact: refused, detail }) => fact({ ...refused, detail }))),
    part("Decisions", one.decisions.map(decision)),
    part("Continuous learning", one.learning?.map(fact)),
    one.partners || one.same ? details([["Partners", one.partners?.join(", ")], ["Same individual", one.same?.join(", ")]]) : null,
  );
}

/** An entry in few words: its facts, or else that accounts were linked, a partner came to know, or time has passed. */
function what({ facts: known, learning = [], accounts, partners }) {
  const events = [...new Set((known.length ? known : learning).map(({ event }) => words(event).toLowerCase()))].join(", ");
  return events || (accounts ? "accounts" : partners ? "partners" : "time alone");
}

function decision({ day: on, kind, subject, rule, because, facts: known }) {
  const rules = [rule, ...because].flatMap((id) => [" ", el("code", { class: "rule" }, id)]);
  return [el("span", {}, el("strong", {}, words(kind.replace(".", " "))), ` ${subject} on `, day(on), ...rules), known];
}

const fact = ({ event, ...known }) => [el("strong", {}, words(event)), known];

function part(title, lines) {
  if (!lines?.length) return null;
  return el(
    "div",
    {},
    el("h3", {}, title),
    el("ul", {}, ...lines.map(([line, known]) => el("li", {}, line, details(Object.entries(known).map(inWords))))),
  );
}

/** Whatever a fact holds, on one line. */
function inWords([name, value]) {
  if (value == null || value === "") return [words(name), null];
  const plain = typeof value !== "object" || (Array.isArray(value) && value.every((one) => typeof one !== "object"));
  return [words(name), plain ? [value].flat().join(", ") || "none" : JSON.stringify(value)];
}

async function load(after = "") {
  const path = source();
  const page = path ? await get(path, { cursor: after }) : { items: [], next_cursor: null };
  if (!after) entries.replaceChildren();
  entries.append(...page.items.map(entry));
  cursor = page.next_cursor;
  more.hidden = cursor === null;
  say(path ? `${number(entries.children.length, "entry", "entries")} shown${cursor ? ", there are more" : ""}` : "Whose? Give a holder's id.");
}

function ofHolder() {
  const { holder } = remember(search);
  return holder && `/admin/holders/${encodeURIComponent(holder)}/audit`;
}

function askForHolder() {
  search.hidden = false;
  recall(search);
  whenSent(search, () => load());
}

function head(name, about) {
  document.querySelector("#title").textContent = name;
  const place = document.querySelector("#about");
  place.textContent = about;
  place.hidden = false;
}

function ofProgram() {
  head("Continuous learning", "What operators changed in libraries, numbers of points and exams, in order, and who did.");
  document.querySelector("#partner").replaceChildren(learningTabs(AUDIT));
  return () => "/admin/learning/audit";
}

async function ofPartner(person) {
  const chosen = await partnerOf(person);
  if (!chosen) return null;
  navigation(person, chosen);
  const { name } = await get(`${chosen.path}/specializations`);
  head(name, "What the partner's administrators did, and what was decided about its specializations, in order. What individuals did elsewhere is left out: of that, the partner has the points.");
  return () => `${chosen.path}/audit`;
}

open(async (person) => {
  const asked = new URLSearchParams(location.search);
  if (asked.has("partner")) source = await ofPartner(person);
  else if (asked.has("program")) source = ofProgram();
  else askForHolder();
  if (!source) return;
  more.addEventListener("click", () => attempt(() => load(cursor)));
  await load();
});
