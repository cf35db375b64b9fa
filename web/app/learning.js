// What operators keep of continuous learning: for each list where it comes from, what it shows, what its form asks for.

import { get, post, put } from "./api.js";
import { day, el, none } from "./elements.js";
import { words } from "./words.js";

const learning = () => get("/admin/learning");
const at = (...parts) => `/admin/${parts.map(encodeURIComponent).join("/")}`;
const many = (list) => (list.length ? list.join(", ") : none());

/** Links to each list, and to the audit of them all; chosen: the one that is shown. */
export function learningTabs(chosen) {
  const lists = Object.entries(LISTS).map(([id, { name }]) => [id, `/learning.html?list=${id}`, name]);
  const links = [...lists, [AUDIT, "/audit.html?program", "Audit"]];
  const tab = ([id, href, name]) => el("li", {}, el("a", { href, "aria-current": id === chosen ? "page" : null }, name));
  return el("nav", { "aria-label": "Continuous learning" }, el("ul", { class: "tabs" }, ...links.map(tab)));
}

export const AUDIT = "audit";
export const LISTS = {
  partners: {
    name: "Partners",
    one: "partner",
    about: "The companies that take part. Their account managers read how they stand; contacts are the addresses that are reminded. Administrators are made in the user pool, by the group partner-admin:ID.",
    load: async () => (await get("/admin/partners")).partners,
    columns: [
      { label: "Partner", cell: ({ partner, name }) => `${name} (${partner})` },
      { label: "Account managers", cell: ({ account_managers: accounts }) => many(accounts) },
      { label: "Contacts", cell: ({ contacts }) => many(contacts) },
    ],
    fields: [
      { name: "partner", label: "Id", hint: "The id never changes: letters, digits, dots, hyphens." },
      { name: "name", label: "Name" },
      { name: "account_managers", label: "Account managers, one address a line", kind: "lines" },
      { name: "contacts", label: "Contacts, one address a line", kind: "lines" },
    ],
    adds: "Keep a partner",
    send: ({ partner, ...given }) => put(at("partners", partner), given),
  },
  types: {
    name: "Points required",
    one: "type",
    about: "What a renewal takes, by type of specialization. A new number judges from today; without one nothing is lost.",
    load: async () => (await learning()).types,
    columns: [
      { label: "Type", cell: ({ type }) => words(type) },
      { label: "Points a year", number: true, cell: ({ points_required: points }) => (points === null ? "Not set" : String(points)) },
    ],
    fields: [
      { name: "type", label: "Type" },
      { name: "points_required", label: "Points a year", kind: "number" },
    ],
    send: ({ type, ...given }) => put(at("specialization-types", type), given),
  },
  libraries: {
    name: "Libraries",
    one: "specialization",
    about: "The items that count for a specialization, and those among them that somebody has to take. What is kept holds from today on.",
    load: async () => (await learning()).specializations,
    columns: [
      { label: "Specialization", cell: ({ specialization, type }) => `${words(specialization)} (${words(type).toLowerCase()})` },
      { label: "Library", cell: ({ library }) => many(library) },
      { label: "Mandatory", cell: ({ mandatory }) => many(mandatory) },
    ],
    fields: [
      { name: "specialization", label: "Specialization" },
      { name: "library", label: "Library, one item a line", kind: "lines" },
      { name: "mandatory", label: "Mandatory, one item a line", kind: "lines" },
    ],
    send: ({ specialization, ...given }) => put(at("specializations", specialization, "library"), given),
  },
  items: {
    name: "Items",
    one: "item",
    about: "What may be viewed, attended or completed. What was recorded before a change keeps its points.",
    load: async () => (await learning()).items,
    columns: [
      { label: "Item", cell: ({ item }) => item },
      { label: "Worth in points", number: true, cell: ({ worth }) => String(worth) },
      { label: "Stated or by its length", cell: ({ points, minutes }) => (points === null ? `${minutes} minutes` : `${points} points`) },
      { label: "Marks", cell: ({ exceptional, event }) => many([exceptional ? "Exceptional" : null, event ? "Event" : null].filter(Boolean)) },
    ],
    fields: [
      { name: "item", label: "Id" },
      { name: "points", label: "Points", kind: "number", required: false, hint: "Give the points, or leave them empty and give the minutes that it takes." },
      { name: "minutes", label: "Minutes", kind: "number", required: false },
      { name: "exceptional", label: "Exceptional: may be worth more than others", kind: "check" },
      { name: "event", label: "An event, which counts with proof of attendance", kind: "check" },
    ],
    adds: "Keep an item",
    send: ({ item, points, minutes, ...marks }) => put(at("items", item), { ...(points === null ? { minutes: minutes ?? 0 } : { points }), ...marks }),
  },
  exams: {
    name: "Exams",
    one: "replaced exam",
    about: "Exams that were replaced. From that day a role asks for the new one; with a retake, earlier passes are not enough.",
    load: async () => (await learning()).replacements,
    columns: [
      { label: "Exam", cell: ({ exam }) => exam },
      { label: "Replaced by", cell: ({ by }) => by },
      { label: "From", cell: ({ replaced_on: on }) => day(on) },
      { label: "Retake", cell: ({ retake }) => (retake ? "Required" : "Not required") },
    ],
    fields: [
      { name: "exam", label: "Exam" },
      { name: "by", label: "Replaced by" },
      { name: "retake", label: "Earlier passes do not qualify: everybody takes the new one", kind: "check" },
    ],
    adds: "Replace an exam from today on",
    changes: false,
    send: ({ exam, ...given }) => put(at("exams", exam, "replacement"), given),
  },
  merge: {
    name: "Two ids",
    about: "Where two ids turn out to be one person, every partner that knows either counts them as one from now on. What was decided stands, and it cannot be undone.",
    fields: [
      { name: "holder", label: "This id" },
      { name: "into", label: "Is the same person as" },
    ],
    adds: "Merge two ids",
    done: ({ holder, into }) => `${holder} and ${into} are one person.`,
    sure: ({ holder, into }) => `Count ${holder} and ${into} as one person from now on? It cannot be undone.`,
    send: ({ holder, ...given }) => post(at("holders", holder, "merge"), given),
  },
};
