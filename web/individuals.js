import { get, newKey, post, remove } from "./app/api.js";
import { upload } from "./app/certificate.js";
import { badge, day, el, none, options, table } from "./app/elements.js";
import { attempt, open, say, whenSent } from "./app/page.js";
import { about, navigation, partnerOf } from "./app/partner.js";
import { roleName } from "./app/roles.js";
import { nameOf, statusBadge } from "./app/specializations.js";
import { number } from "./app/words.js";

const associate = document.querySelector("#associate");
const attendance = document.querySelector("#attendance");
let chosen;

const called = ({ individual, name }) => name ?? individual;

const COLUMNS = [
  { label: "Individual", cell: (one) => [called(one), " ", el("span", { class: "quiet" }, one.individual)] },
  { label: "Employee", cell: ({ employee }) => (employee === "current" ? badge("Current", "good") : badge("Previous", "past")) },
  { label: "Associated", cell: ({ stays }) => stays.map(({ first, last }) => el("div", {}, day(first), " to ", last ? day(last) : "now")) },
  { label: "Roles", cell: ({ roles }) => (roles.length ? roles.map(role) : none()) },
];

const LEAVING = { label: "Leaves", cell: (one) => (one.employee === "current" ? leaving(one) : none()) };

function role({ specialization, role: id }) {
  const href = about("/specialization.html", chosen.partner, { specialization });
  return el("div", {}, `${roleName(id)}, `, el("a", { href }, nameOf({ specialization })));
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

async function load() {
  const { individuals } = await get(`${chosen.path}/individuals`);
  const place = document.querySelector("#individuals");
  const columns = chosen.administrator ? [...COLUMNS, LEAVING] : COLUMNS;
  const current = individuals.filter(({ employee }) => employee === "current");
  const rows = [...current, ...individuals.filter((one) => !current.includes(one))];
  place.replaceChildren(rows.length ? table({ caption: "Individuals", titled: true, columns, rows }) : el("p", {}, "Nobody is associated yet."));
  attendance.elements.individual.replaceChildren(...options(rows.map((one) => [one.individual, called(one)])));
  say(`${number(current.length, "current employee")}, ${rows.length - current.length} previous`);
}

async function offer() {
  const { name, as_of: today, specializations, events } = await get(`${chosen.path}/specializations`);
  document.querySelector("#title").textContent = name;
  const held = specializations.filter(({ status }) => status);
  const { specialization, completed_on: on } = attendance.elements;
  specialization.replaceChildren(...options(held.map((line) => [line.specialization, `${nameOf(line)} (${statusBadge(line).textContent.toLowerCase()})`])));
  // Not by `elements.item`, which is a method.
  attendance.querySelector("[name=item]").replaceChildren(...options(events.map(({ item: id, points }) => [id, `${id}, ${number(points, "point")}`])));
  on.value = on.max = today;
}

async function recordAttendance(key) {
  const { proof, ...given } = Object.fromEntries(new FormData(attendance));
  const uploaded = proof.size ? await upload(proof, `${chosen.path}/proofs`) : null;
  const taken = await post(`${chosen.path}/activities`, { ...given, ...(uploaded ? { proof_key: uploaded.proof_key } : {}) }, key);
  attendance.elements.proof.value = "";
  say(`${taken.item} is recorded for ${nameOf(taken)}: ${number(taken.points, "point")}.`);
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
  await offer();
  await load();
});
