import { get, newKey, post, remove } from "./app/api.js";
import { downloadButton, upload } from "./app/certificate.js";
import { badge, day, el, none, options, table } from "./app/elements.js";
import { attempt, open, say, whenSent } from "./app/page.js";
import { about, navigation, partnerOf } from "./app/partner.js";
import { roleName } from "./app/roles.js";
import { isWithoutPoints, nameOf, statusBadge } from "./app/specializations.js";
import { number } from "./app/words.js";

const associate = document.querySelector("#associate");
const attendance = document.querySelector("#attendance");
const more = document.querySelector("#more");
let chosen;
let names = new Map();
let attendances = [];
let cursor = null;

const called = ({ individual, name }) => name ?? individual;

const COLUMNS = [
  { label: "Individual", cell: (one) => [called(one), " ", el("span", { class: "quiet" }, one.individual)] },
  { label: "Employee", cell: ({ employee }) => (employee === "current" ? badge("Current", "good") : badge("Previous", "past")) },
  { label: "Associated", cell: ({ stays }) => stays.map(({ first, last }) => el("div", {}, day(first), " to ", last ? day(last) : "now")) },
  { label: "Roles", cell: ({ roles }) => (roles.length ? roles.map(role) : none()) },
];

const LEAVING = { label: "Leaves", cell: (one) => (one.employee === "current" ? leaving(one) : none()) };

const ATTENDANCES = [
  { label: "Individual", cell: attendee },
  { label: "Event", cell: ({ item }) => item },
  { label: "Counts for", cell: countsFor },
  { label: "Attended on", cell: ({ completed_on: on }) => day(on) },
  { label: "Points", number: true, cell: ({ points }) => String(points) },
  { label: "Proof of attendance", cell: proof },
];

function attendee({ individual }) {
  return names.get(individual) ?? individual;
}

function countsFor({ specialization, counts, because }) {
  const not = counts === false ? [" ", badge("Does not count", "wait"), el("span", { class: "note" }, because)] : [];
  return [specializationLink({ specialization }), ...not];
}

function proof(attended) {
  const { activity, item, completed_on: on } = attended;
  return downloadButton(`${chosen.path}/activities/${encodeURIComponent(activity)}/proof`, `Download the proof: ${attendee(attended)}, ${item}, ${on}`);
}

function role({ specialization, role: id }) {
  return el("div", {}, `${roleName(id)}, `, specializationLink({ specialization }));
}

function specializationLink({ specialization }) {
  return el("a", { href: about("/specialization.html", chosen.partner, { specialization }) }, nameOf({ specialization }));
}

function leaving(one) {
  const leave = () => attempt(() => drop(one));
  return el("button", { type: "button", class: "plain", "aria-label": `${called(one)} leaves today`, onclick: leave }, "Leaves today");
}

async function drop(one) {
  const sure = `${called(one)} leaves today? What they earned stays with the partner; the roles they fill become open.`;
  if (!confirm(sure)) return;
  await remove(`${chosen.path}/individuals/${encodeURIComponent(one.individual)}`);
  await load();
  say(`${called(one)} leaves today.`);
}

/** Gives what there is to say of them. */
async function load() {
  const { individuals } = await get(`${chosen.path}/individuals`);
  names = new Map(individuals.map((one) => [one.individual, called(one)]));
  const place = document.querySelector("#individuals");
  const columns = chosen.administrator ? [...COLUMNS, LEAVING] : COLUMNS;
  const current = individuals.filter(({ employee }) => employee === "current");
  const rows = [...current, ...individuals.filter((one) => !current.includes(one))];
  place.replaceChildren(rows.length ? table({ caption: "Individuals", titled: true, columns, rows }) : el("p", {}, "Nobody is associated yet."));
  attendance.elements.individual.replaceChildren(...options(rows.map((one) => [one.individual, called(one)])));
  return `${number(current.length, "current employee")}, ${rows.length - current.length} previous`;
}

async function offer() {
  const { name, as_of: today, specializations, events } = await get(`${chosen.path}/specializations`);
  document.querySelector("#title").textContent = name;
  const counted = specializations.filter((line) => line.status && !isWithoutPoints(line));
  attendance.hidden = !counted.length;
  document.querySelector("#unheld").hidden = counted.length > 0;
  const { specialization, completed_on: on } = attendance.elements;
  specialization.replaceChildren(...options(counted.map((line) => [line.specialization, `${nameOf(line)} (${statusBadge(line).textContent.toLowerCase()})`])));
  // Not by `elements.item`, which is a method.
  attendance.querySelector("[name=item]").replaceChildren(...options(events.map(({ item: id, points }) => [id, `${id}, ${number(points, "point")}`])));
  on.value = on.max = today;
}

/** after: a cursor, to show more; what is shown already is shown anew without one. */
async function loadAttendances(after = "") {
  const page = await get(`${chosen.path}/activities`, { cursor: after });
  attendances = after ? [...attendances, ...page.items] : page.items;
  cursor = page.next_cursor;
  more.hidden = cursor === null;
  const shown = attendances.length ? table({ caption: "Attendances of events", titled: true, columns: ATTENDANCES, rows: attendances }) : el("p", {}, "None is recorded yet.");
  document.querySelector("#attendances").replaceChildren(shown);
}

async function recordAttendance(key) {
  const { proof: file, ...given } = Object.fromEntries(new FormData(attendance));
  const uploaded = file.size ? await upload(file, `${chosen.path}/proofs`) : null;
  const taken = await post(`${chosen.path}/activities`, { ...given, ...(uploaded ? { proof_key: uploaded.proof_key } : {}) }, key);
  attendance.elements.proof.value = "";
  await loadAttendances();
  const { item, points, counts, because } = taken;
  say(counts === false ? `${item} is recorded, but does not count: ${because}` : `${item} is recorded for ${nameOf(taken)}: ${number(points, "point")}.`);
}

open(async (person) => {
  chosen = await partnerOf(person);
  if (!chosen) return;
  navigation(person, chosen);
  for (const section of document.querySelectorAll(".administrators")) section.hidden = !chosen.administrator;
  whenSent(associate, async () => {
    const line = await post(`${chosen.path}/individuals`, { account: associate.elements.account.value }, newKey());
    associate.reset();
    await load();
    say(`${called(line)} is associated.`);
  });
  whenSent(attendance, () => recordAttendance(newKey()));
  more.addEventListener("click", () => attempt(() => loadAttendances(cursor)));
  await offer();
  const told = await load();
  await loadAttendances();
  say(told);
});
