import { get, getAs } from "./app/api.js";
import { badge, day, details, el, none, rules, saveAs, table } from "./app/elements.js";
import { attempt, open, say } from "./app/page.js";
import { navigation, partnerOf } from "./app/partner.js";
import { risks } from "./app/risk.js";
import { roleName, rolesTable } from "./app/roles.js";
import { indicated, isWithoutPoints, pointsBar, statusBadge } from "./app/specializations.js";
import { submissions } from "./app/submission.js";
import { todo } from "./app/todo.js";
import { daysTo, inDays, number, words } from "./app/words.js";

const specialization = new URLSearchParams(location.search).get("specialization");
const REMINDER = "specialization.expiring";
let chosen;

const called = ({ individual, name }) => name ?? individual;

const EARNED = [
  { label: "Individual", cell: called },
  { label: "Item", cell: ({ item }) => item },
  { label: "Completed", cell: ({ completed_on: on }) => day(on) },
  { label: "Points", number: true, cell: ({ points }) => String(points) },
];

const LIBRARY = [
  { label: "Item", cell: ({ item, event }) => [item, event ? el("span", { class: "note" }, "An event, which counts with proof of attendance") : null] },
  { label: "Points", number: true, cell: ({ points }) => String(points) },
  { label: "Mandatory", cell: ({ mandatory, taken }) => (mandatory ? badge(taken ? "Mandatory, taken" : "Mandatory, open", taken ? "good" : "wait") : none()) },
  { label: "Taken by anybody", cell: ({ taken }) => (taken ? "Yes" : "Not yet") },
];

const HISTORY = [
  { label: "What", cell: ({ kind }) => words(kind.replace("specialization.", "")) },
  { label: "Day", cell: ({ day: on }) => day(on) },
  { label: "What it rests on", cell: ({ facts }) => el("ul", { class: "faults" }, ...Object.entries(facts).filter(([, fact]) => fact !== null).map(fact)) },
  { label: "Rules", cell: ({ rule, because }) => [rule, ...because].map((id) => el("div", {}, el("code", { class: "rule" }, id))) },
];

const fact = ([name, value]) => el("li", {}, `${words(name)} `, /^\d{4}-\d\d-\d\d$/.test(value) ? day(value) : String(value));

async function load() {
  const one = `${chosen.path}/specializations/${encodeURIComponent(specialization)}`;
  const [shown, report, { items }, { individuals }] = await Promise.all([
    get(one),
    get(`${one}/points`),
    get(`${one}/history`),
    get(`${chosen.path}/individuals`),
  ]);
  const known = new Map(individuals.map((individual) => [individual.individual, called(individual)]));
  const names = (id) => known.get(id) ?? id;
  const filled = {
    summary: summary(shown),
    todo: todo(shown, names),
    submissions: submissions(chosen, shown, again),
    risk: risks(shown, names),
    roles: [rolesTable(chosen, shown, names, again)],
    earned: earned(report, shown),
    library: library(shown),
    history: history(items),
  };
  document.querySelector("#title").replaceChildren(words(specialization), " ", el("span", { class: "quiet" }, shown.name));
  for (const [id, content] of Object.entries(filled)) document.querySelector(`#${id}`).replaceChildren(...content);
  document.querySelector("#specialization").hidden = false;
  document.querySelector("#download").onclick = () => attempt(() => download(one, shown.as_of));
  say(`As of ${shown.as_of}`);
}

async function again(told) {
  await load();
  say(told);
}

function summary(shown) {
  const { type, anniversary, window: year, renewal, required, lost_on: lost, renewed, because, as_of: today } = shown;
  return [
    el("p", { class: "standing" }, statusBadge(shown), " ", renewed ? badge("Renewed for this year", "good") : null, " ", shown.indicator ? indicated(shown, year, today) : null),
    shown.status && !isWithoutPoints(shown) ? pointsBar(shown) : null,
    details([
      ["Type", words(type)],
      ["Anniversary", anniversary && day(anniversary), anniversary && el("span", { class: "quiet" }, ` ${inDays(daysTo(anniversary, today))}`)],
      ["Its year", year && ["after ", day(year.start), ...(year.end ? [" through ", day(year.end)] : [])]],
      [renewed ? "Next renewal" : "Renewal", renewal && required !== null && ["from ", day(renewal.from), " through ", day(renewal.through)]],
      ["Lost on", lost && day(lost)],
    ].filter(([, content]) => content)),
    rules(because),
  ].filter(Boolean);
}

function earned({ current, previous, points }, shown) {
  if (isWithoutPoints(shown)) return [el("p", {}, "It is held without points: what individuals do counts nothing for it.")];
  if (!shown.status) return [el("p", {}, "It is not held: nothing counts for it yet.")];
  if (!current.length && !previous.length) return [el("p", {}, "Nobody has earned points in this window yet.")];
  return [
    el("p", {}, `${number(points, "point")} count.`),
    current.length ? table({ caption: "Current employees", columns: EARNED, rows: current }) : null,
    previous.length ? table({ caption: "Previous employees", columns: EARNED, rows: previous }) : null,
  ].filter(Boolean);
}

function library({ library: listed }) {
  if (!listed.length) return [el("p", {}, "Nothing is listed for it.")];
  const mandatory = listed.filter((item) => item.mandatory);
  const rows = [...mandatory, ...listed.filter((item) => !item.mandatory)];
  const open = mandatory.filter((item) => !item.taken).length;
  return [
    el("p", {}, mandatory.length ? `${number(mandatory.length, "item")} mandatory, ${open} open.` : "No item is mandatory."),
    table({ caption: "The library", titled: true, columns: LIBRARY, rows }),
  ];
}

function history(items) {
  const reminders = items.filter(({ kind }) => kind === REMINDER);
  const decided = items.filter(({ kind }) => kind !== REMINDER).toReversed();
  return [
    decided.length ? table({ caption: "What was decided", titled: true, columns: HISTORY, rows: decided }) : el("p", {}, "Nothing was decided yet."),
    reminders.length ? el("details", {}, el("summary", {}, number(reminders.length, "reminder")), table({ caption: "Reminders", titled: true, columns: HISTORY, rows: reminders.toReversed() })) : null,
  ].filter(Boolean);
}

async function download(one, today) {
  const name = `points-${chosen.partner}-${specialization}-${today}.csv`;
  saveAs(name, await getAs("text/csv", `${one}/points`), "text/csv");
  say(`The report is saved as ${name}.`);
}

open(async (person) => {
  chosen = await partnerOf(person);
  if (!chosen) return;
  navigation(person, chosen);
  await load();
});
