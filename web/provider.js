import { Problem, get, post, postFile } from "./app/api.js";
import { badge, day, el, none, options, table } from "./app/elements.js";
import { attempt, open, say, whenSent } from "./app/page.js";
import { number, words } from "./app/words.js";

const acting = document.querySelector("#acting");
const report = document.querySelector("#report");
const roster = document.querySelector("#roster");
const place = document.querySelector("#claims");
const more = document.querySelector("#more");
const results = document.querySelector("#results");
// What was reported on this page: a report is recorded in a moment, and until then its claim waits still.
const reported = new Set();
let claims = [];
let cursor = null;

const WAITING = [
  { label: "Holder", cell: holder },
  { label: "Course", cell: course },
  { label: "Course dates", cell: (claim) => el("span", {}, day(claim.started_on), " to ", day(claim.completed_on)) },
  { label: "Certificate id", cell: (claim) => claim.certificate_id ?? none() },
  { label: "Submitted", cell: (claim) => [day(claim.submitted_on), " ", claim.overdue ? badge("Overdue", "bad") : null] },
];

function holder(claim) {
  if (reported.has(claim.claim_id)) return [claim.account, " ", badge("Reported", "good")];
  const box = el("input", { type: "checkbox", name: "claim", value: claim.claim_id, "aria-label": `${claim.account}, ${claim.title}` });
  return el("label", { class: "check" }, box, " ", claim.account);
}

function course(claim) {
  const which = el("span", { class: "quiet" }, `${claim.course} ${claim.version}`);
  return [claim.title, " ", which, el("span", { class: "note" }, words(claim.item_type))];
}

const RESULTS = [
  { label: "Row", cell: ({ row }) => String(row) },
  { label: "Result", cell: ({ result }) => badge(words(result), result === "accepted" ? "good" : "bad") },
  { label: "What is wrong", cell: ({ errors }) => (errors.length ? el("ul", { class: "faults" }, ...errors.map(fault)) : none()) },
];

const fault = ({ field, message }) => el("li", {}, el("code", {}, field), ` ${message}`);

/** The provider that is acted for, where it may be one of several. */
const provider = () => (acting.hidden ? {} : { provider: acting.elements.provider.value });

async function load(after = "") {
  const page = await get("/provider/claims", { ...provider(), cursor: after });
  claims = after ? [...claims, ...page.items] : page.items;
  cursor = page.next_cursor;
  showClaims();
}

function showClaims() {
  const waiting = claims.filter((claim) => !reported.has(claim.claim_id));
  place.replaceChildren(
    claims.length ? table({ caption: "Claims that wait for your report", columns: WAITING, rows: claims }) : el("p", {}, "No claim waits for you."),
  );
  more.hidden = cursor === null;
  report.querySelector("fieldset").hidden = waiting.length === 0;
  const late = waiting.filter((claim) => claim.overdue).length;
  say(`${number(waiting.length, "claim")} waiting${late ? `, ${late} overdue` : ""}${cursor ? "; there are more" : ""}`);
}

function asReport(claim, outcome) {
  const { course, version, account, started_on, completed_on, certificate_id } = claim;
  return { course, version, account, started_on, completed_on, outcome, ...(certificate_id ? { certificate_id } : {}) };
}

async function reportTicked() {
  const given = new FormData(report);
  const ticked = claims.filter((claim) => given.getAll("claim").includes(claim.claim_id));
  if (!ticked.length) throw new Problem({ title: "No claim is ticked", detail: "Tick the claims that you report." });
  const reports = ticked.map((claim) => asReport(claim, given.get("outcome")));
  const answer = await post("/provider/reports", { ...provider(), reports });
  for (const { row, result } of answer.results) if (result === "accepted") reported.add(ticked[row - 1].claim_id);
  report.reset();
  showClaims();
  showResults(answer);
}

async function sendRoster() {
  const [file] = roster.elements.file.files;
  showResults(await postFile("/provider/reports", await file.text(), "text/csv"));
  roster.reset();
}

function showResults({ accepted, refused, results: rows }) {
  const told = `${number(accepted, "row")} accepted, ${refused} refused`;
  results.hidden = false;
  results.replaceChildren(table({ caption: `What came of each row: ${told}`, columns: RESULTS, rows }));
  if (refused) results.focus();
  say(`${told}. What is accepted is recorded in a moment.`);
}

open(async (person) => {
  acting.hidden = person.providers.length < 2;
  acting.elements.provider.append(...options(person.providers.map((id) => [id, id])));
  acting.addEventListener("change", () => attempt(load));
  whenSent(report, reportTicked);
  whenSent(roster, sendRoster);
  more.addEventListener("click", () => attempt(() => load(cursor)));
  await load();
});
