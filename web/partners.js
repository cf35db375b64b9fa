import { get } from "./app/api.js";
import { day, el, none, table } from "./app/elements.js";
import { about } from "./app/partner.js";
import { attempt, open, recall, remember, say, whenChanged } from "./app/page.js";
import { indicated, indicatorWord, nameOf, statusBadge } from "./app/specializations.js";
import { number } from "./app/words.js";

const asked = document.querySelector("#asked");
const place = document.querySelector("#partners");
// What wants somebody's attention first comes first.
const URGENCY = ["grace", "behind", "lost", "inactive", "on-target", "approved"];
const MOST_URGENT = "urgency";
// Each partner that is asked for is worked out anew, which takes its time.
const AT_ONCE = 10;
let sorted = MOST_URGENT;
let lines = [];

const COLUMNS = [
  { label: "Partner", sort: "name", cell: ({ partner, name }) => el("a", { href: about("/partner.html", partner) }, name) },
  { label: "Specialization", sort: "specialization", cell: specialization },
  { label: "Status", sort: "urgency", cell: (line) => (line.specialization ? statusBadge(line) : none()) },
  { label: "Points", sort: "indicator", cell: (line) => indicated(line) },
  { label: "Anniversary", sort: "anniversary", cell: (line) => day(line.anniversary) },
];

/** What a line is sorted by: texts that sort as they should be seen. */
const BY = {
  name: ({ name }) => name,
  specialization: ({ specialization: id }) => id ?? "",
  indicator: indicatorWord,
  anniversary: ({ anniversary }) => anniversary ?? "9999",
  urgency: ({ status, indicator }) => String(URGENCY.findIndex((word) => word === status || word === indicator) + 100 * (status == null)),
};

function specialization(line) {
  if (!line.specialization) return none();
  return el("a", { href: about("/specialization.html", line.partner, { specialization: line.specialization }) }, nameOf(line));
}

/** All, since what is most urgent may come last. */
async function load() {
  let read = 0;
  for (let cursor = ""; cursor !== null; ) {
    const page = await get("/partners", { limit: AT_ONCE, cursor });
    lines.push(...page.items.flatMap(asLines));
    cursor = page.next_cursor;
    read += page.items.length;
    if (cursor) say(`${number(read, "partner")} read so far`);
  }
}

function asLines({ partner, name, specializations }) {
  return specializations.length ? specializations.map((line) => ({ ...line, partner, name })) : [{ partner, name, indicator: null, status: null }];
}

function show() {
  const { q = "" } = remember(asked, { sort: sorted === MOST_URGENT ? "" : sorted });
  const wanted = q.trim().toLowerCase();
  const rows = lines.filter((line) => `${line.name} ${line.partner} ${line.specialization ? nameOf(line) : ""}`.toLowerCase().includes(wanted));
  const by = BY[sorted.replace("-", "")] ?? BY.urgency;
  const direction = sorted.startsWith("-") ? -1 : 1;
  rows.sort((one, other) => direction * by(one).localeCompare(by(other)) || one.name.localeCompare(other.name));
  const focused = document.activeElement?.dataset?.sort;
  const empty = lines.length ? "None of your partners is like that." : "No partner is assigned to you yet.";
  place.replaceChildren(rows.length ? table({ caption: "Partners and what they hold", titled: true, columns: COLUMNS, rows, sorted, onsort: sort }) : el("p", {}, empty));
  // The table is new; whoever sorted it by keyboard stays on the same button.
  if (focused) place.querySelector(`[data-sort="${focused}"]`)?.focus();
  const urgent = rows.filter(({ status, indicator }) => status === "grace" || indicator === "behind").length;
  say(`${number(new Set(rows.map(({ partner }) => partner)).size, "partner")}; ${number(urgent, "specialization")} in grace or behind`);
}

function sort(next) {
  sorted = next;
  show();
}

open(async () => {
  sorted = recall(asked).get("sort") ?? MOST_URGENT;
  whenChanged(asked, () => attempt(show));
  await load();
  show();
});
