import { get } from "./app/api.js";
import { claimStatus } from "./app/claim.js";
import { badge, day, el, options, saveAs, table } from "./app/elements.js";
import { attempt, open, recall, remember, say, whenChanged, workOf } from "./app/page.js";
import { CERTIFICATION_STATUSES, CLAIM_STATUSES, inDays, number, tone, words } from "./app/words.js";

const filter = document.querySelector("#filter");
const more = document.querySelector("#more");
const asOf = document.querySelector("#as-of").elements.as_of;
const NEWEST_FIRST = "-submitted_on";
let sorted = NEWEST_FIRST;
let items = [];
let cursor = null;

const CERTIFICATIONS = [
  { label: "Certification", cell: (line) => el("a", { href: `/tracker.html?certification=${encodeURIComponent(line.certification)}` }, line.name) },
  { label: "Level", cell: (line) => words(line.level) },
  { label: "Status", cell: (line) => badge(CERTIFICATION_STATUSES[line.status], tone(line.status)) },
  { label: "Last extension", cell: (line) => day(line.last_extension) },
  { label: "Expires", cell: (line) => [day(line.expires_on), " ", el("span", { class: "quiet" }, inDays(line.days_to_expire))] },
];

const ITEMS = [
  { label: "Course", sort: "title", cell: (claim) => [claim.title, " ", el("span", { class: "quiet" }, `${claim.course} ${claim.version}`)] },
  { label: "Status", sort: "status", cell: status },
  { label: "Item type", sort: "item_type", cell: (claim) => words(claim.item_type) },
  { label: "Credits", sort: "credits", number: true, cell: (claim) => String(claim.credits) },
  { label: "Started", sort: "started_on", cell: (claim) => day(claim.started_on) },
  { label: "Completed", sort: "completed_on", cell: (claim) => day(claim.completed_on) },
  { label: "Submitted", sort: "submitted_on", cell: (claim) => day(claim.submitted_on) },
  { label: "Expires", sort: "expires_on", cell: (claim) => day(claim.expires_on) },
];

function status(claim) {
  const disputable = claim.status === "denied" || (claim.status === "pending" && claim.overdue);
  const link = () => el("a", { class: "note", "aria-label": `Case about ${claim.title}`, href: `/cases.html?${new URLSearchParams({ claim: claim.claim_id })}` }, "Case");
  return [...claimStatus(claim), disputable && !asOf.value ? link() : null];
}

async function loadDashboard(signal) {
  const { announcements, certifications } = await get("/dashboard", { as_of: asOf.value }, signal);
  const place = document.querySelector("#announcements");
  place.hidden = announcements.length === 0;
  place.querySelector(".content").replaceChildren(
    ...announcements.map((told) => el("p", { class: "announcement" }, told.text, " ", el("span", { class: "quiet" }, day(told.shown_from)))),
  );
  const content = certifications.length
    ? table({ caption: "Certifications", columns: CERTIFICATIONS, rows: certifications })
    : el("p", {}, "You have no certification yet.");
  document.querySelector("#certifications .content").replaceChildren(content);
}

async function load(signal, after = "") {
  const given = remember(filter, { as_of: asOf.value, sort: sorted === NEWEST_FIRST ? "" : sorted });
  const page = await get("/claims", { ...given, sort: sorted, cursor: after }, signal);
  items = after ? [...items, ...page.items] : page.items;
  cursor = page.next_cursor;
  showItems(given.q || given.status);
}

function showItems(filtered) {
  const asked = document.activeElement?.dataset?.sort;
  const empty = filtered ? "None of your items is like that." : "You have not submitted an item yet.";
  const content = items.length
    ? table({ caption: "My items", titled: true, columns: ITEMS, rows: items, sorted, onsort: sort })
    : el("p", {}, empty);
  const place = document.querySelector("#items");
  place.replaceChildren(content);
  // The table is new; whoever sorted it by keyboard stays on the same button.
  if (asked) place.querySelector(`[data-sort="${asked}"]`)?.focus();
  more.hidden = cursor === null;
  say(`${number(items.length, "item")} shown${cursor ? ", there are more" : ""}`);
}

function sort(next) {
  sorted = next;
  return attempt(load);
}

/** Saved as a file: a program that keeps days cannot sign in here to fetch it itself. */
async function saveCalendar() {
  saveAs("deadlines.ics", await get("/calendar.ics"), "text/calendar");
  say("The calendar of your deadlines is saved as deadlines.ics.");
}

/** Who has work here and no certifications of their own begins with the work. */
function leaveForWork(person, error) {
  const work = workOf(person);
  if (error.rule !== "account-not-linked" || !work) throw error;
  location.replace(work);
}

open(async (person) => {
  filter.elements.status.append(...options(Object.entries(CLAIM_STATUSES)));
  const asked = recall(filter);
  sorted = asked.get("sort") ?? NEWEST_FIRST;
  asOf.value = asked.get("as_of") ?? "";
  whenChanged(filter, (signal) => attempt(() => load(signal)));
  whenChanged(asOf.form, (signal) => attempt(() => loadAll(signal)));
  document.querySelector("#today").addEventListener("click", () => {
    asOf.value = "";
    return attempt(loadAll);
  });
  document.querySelector("#calendar").addEventListener("click", () => attempt(saveCalendar));
  more.addEventListener("click", () => attempt(() => load(undefined, cursor)));
  await loadAll().catch((error) => leaveForWork(person, error));
});

async function loadAll(signal) {
  await loadDashboard(signal);
  await load(signal);
}
