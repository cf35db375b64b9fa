import { get, newKey, post } from "./app/api.js";
import { auditLink, claimFacts, claimStatus, decisionForm } from "./app/claim.js";
import { badge, day, el, instant, table } from "./app/elements.js";
import { attempt, open, recall, remember, say, whenChanged, whenSent } from "./app/page.js";
import { number } from "./app/words.js";

const OUTCOMES = { earned: "Closed: earned", denied: "Closed: denied", answered: "Closed: answered" };
const filter = document.querySelector("#filter");
const more = document.querySelector("#more");
const list = document.querySelector("#cases");
let person;
let items = [];
let cursor = null;

const address = (query) => `/cases.html?${new URLSearchParams(query)}`;
const state = (one) => badge(one.outcome ? OUTCOMES[one.outcome] : "Open", one.outcome ? "past" : "wait");

function show(id) {
  const section = document.querySelector(id);
  section.hidden = false;
  return section;
}

const COLUMNS = [
  { label: "Case about", cell: ({ case_id, claim }) => el("a", { href: address({ case: case_id }) }, `${claim.title} (${claim.course})`) },
  { label: "Case", cell: state },
  { label: "Claim", cell: ({ claim }) => el("span", {}, ...claimStatus(claim).filter(Boolean)) },
  { label: "Opened", cell: ({ opened_on: on }) => day(on) },
  { label: "Messages", number: true, cell: ({ messages }) => String(messages) },
];

async function load(signal, after = "") {
  const given = remember(filter);
  const page = await get("/cases", { ...given, cursor: after }, signal);
  items = after ? [...items, ...page.items] : page.items;
  cursor = page.next_cursor;
  more.hidden = cursor === null;
  const holders = person.operator ? [{ label: "Holder", cell: ({ holder }) => auditLink(holder) }] : [];
  const columns = [...COLUMNS, ...holders];
  const empty = given.state || person.operator ? "There is no such case." : "You have no case. One is opened from a denied or overdue item of your dashboard.";
  list.replaceChildren(items.length ? table({ caption: person.operator ? "Open cases" : "My cases", columns, rows: items }) : el("p", {}, empty));
  say(`${number(items.length, "case")} shown${cursor ? ", there are more" : ""}`);
}

async function listCases() {
  show("#list");
  // To operators the API lists open cases only.
  filter.hidden = person.operator;
  recall(filter);
  whenChanged(filter, (signal) => attempt(() => load(signal)));
  more.addEventListener("click", () => attempt(() => load(undefined, cursor)));
  await load();
}

/** The case about a claim that is open already, or a form to open one. */
async function openCase(claimId) {
  const known = await get("/cases", { state: "open", limit: 100 });
  const already = known.items.find((one) => one.claim.claim_id === claimId);
  if (already) return location.replace(address({ case: already.case_id }));
  const claim = await get(`/claims/${encodeURIComponent(claimId)}`);
  const section = show("#new");
  section.querySelector("h2").textContent = `Open a case about ${claim.title}`;
  section.querySelector(".about").replaceChildren(claimFacts(claim));
  const form = document.querySelector("#opening");
  const { message } = form.elements;
  // The same key for the same words, so that sending them again opens no second case.
  let key = newKey();
  message.addEventListener("input", () => (key = newKey()));
  whenSent(form, async () => {
    const made = await post(`/claims/${encodeURIComponent(claimId)}/cases`, { message: message.value }, key);
    location.assign(address({ case: made.case_id }));
  });
  say("No case about this claim is open.");
}

function showCase(one) {
  const section = show("#case");
  section.querySelector("h2").replaceChildren(`${one.claim.title} `, state(one));
  section.querySelector(".about").replaceChildren(claimFacts(one.claim, person.operator ? one.holder : null));
  section.querySelector(".messages").replaceChildren(...one.messages.map(message));
  document.querySelector("#answering").hidden = one.state === "closed";
  const form = person.operator && decisionForm(one.claim, () => reload(one.case_id, "The claim is decided."));
  section.querySelector(".deciding").replaceChildren(...(form ? [el("h3", {}, "Decide the claim"), form] : []));
  const closed = one.closed_on ? ` It was closed on ${one.closed_on}.` : "";
  say(`The case was opened on ${one.opened_on} and has ${number(one.messages.length, "message")}.${closed}`);
}

function message({ author, at, text }) {
  const mine = author === (person.operator ? "operator" : "holder");
  const name = mine ? "You" : author === "operator" ? "Operator" : "Holder";
  return el(
    "li",
    { class: mine ? "mine" : null },
    el("p", { class: "quiet" }, el("strong", {}, name), " ", instant(at)),
    el("p", { class: "text" }, text),
  );
}

async function reload(caseId, what) {
  showCase(await get(`/cases/${encodeURIComponent(caseId)}`));
  say(what);
}

async function readCase(caseId) {
  showCase(await get(`/cases/${encodeURIComponent(caseId)}`));
  const form = document.querySelector("#answering");
  form.querySelector(".check").hidden = !person.operator;
  let key = newKey();
  form.addEventListener("input", () => (key = newKey()));
  whenSent(form, async () => {
    const close = form.elements.close.checked;
    const given = { message: form.elements.message.value, ...(close ? { close } : {}) };
    showCase(await post(`/cases/${encodeURIComponent(caseId)}/messages`, given, key));
    form.reset();
    key = newKey();
    say(close ? "Your answer was added, and the case is closed." : "Your answer was added.");
  });
}

open((someone) => {
  person = someone;
  const asked = new URLSearchParams(location.search);
  if (asked.has("case")) return readCase(asked.get("case"));
  if (asked.has("claim")) return openCase(asked.get("claim"));
  return listCases();
});
