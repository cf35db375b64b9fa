// What a partner does by when, from what the API says is missing.

import { day, el } from "./elements.js";
import { asked, isFilled, roleName } from "./roles.js";
import { listed, number, words } from "./words.js";

/** shown: a specialization in detail; names: of individuals, by id. Gives elements. */
export function todo(shown, names) {
  const steps = [...(shown.renewed ? [] : missing(shown)), ...roles(shown), ...lapsing(shown, names), ...submitting(shown)];
  if (!steps.length) return [el("p", {}, "Nothing: there is no day by which something has to be done.")];
  // What has a day comes first, by day.
  steps.sort((one, other) => (one.on ?? "9999").localeCompare(other.on ?? "9999"));
  return [el("ul", { class: "steps" }, ...steps.map(({ on, when, what }) => el("li", {}, el("strong", {}, when ?? (on ? ["By ", day(on)] : "First")), el("span", {}, ...what))))];
}

/** The last day of a year for what is still missing, and what grace adds. */
function deadline({ status, anniversary, renewal }) {
  if (status === "grace") return { on: renewal.through, more: ", in the days of grace" };
  return anniversary ? { on: anniversary, more: `, at the latest in the days of grace through ${renewal.through}` } : { on: null, more: "" };
}

function missing(shown) {
  const { on, more } = deadline(shown);
  const steps = [];
  if (shown.points_missing) steps.push({ on, what: [`Earn ${number(shown.points_missing, "more point")}${more}.`] });
  if (shown.mandatory_open.length) {
    steps.push({ on, what: [`Let somebody take ${listed(shown.mandatory_open)}, which is mandatory${more}.`] });
  }
  return steps;
}

function roles(shown) {
  const { on } = deadline(shown);
  return shown.roles
    .filter((role) => !isFilled(role))
    .map(({ role, asks }) => ({ on, what: [`Fill the role of ${roleName(role).toLowerCase()} with somebody who has ${asked(asks)}.`] }));
}

function lapsing({ risk }, names) {
  return risk.lapsing.map(({ role, individual, kind, name, expires_on: on }) => ({
    on,
    what: [`${names(individual)} renews the ${kind} ${name}, or somebody else fills the role of ${roleName(role).toLowerCase()}.`],
  }));
}

function submitting({ specialization, status, type, renewal, renewed, required, as_of: today }) {
  if (status === null) return [{ when: "Then", on: "9999", what: ["Apply for it."] }];
  if (status === "lost") return [{ when: "Then", on: "9999", what: ["Reactivate it."] }];
  if (!renewal) return [];
  if (required === null) return [{ when: "Later", on: "9999", what: [`${words(specialization)} is renewed once a number of points is set for ${words(type).toLowerCase()}.`] }];
  const which = renewed ? "Submit the next renewal; this year is renewed." : "Submit the renewal.";
  if (renewal.from > today) {
    return [{ on: renewal.through, when: ["From ", day(renewal.from), " through ", day(renewal.through)], what: [which] }];
  }
  return [{ on: renewal.through, what: [which] }];
}
