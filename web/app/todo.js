// What a partner does by when, from what the API says is missing.

import { day, el } from "./elements.js";
import { asked, isFilled, roleName } from "./roles.js";
import { listed, number, words } from "./words.js";

const NEXT = "Before the next renewal";
const ANY_DAY = "No fixed day";

/** shown: a specialization in detail; names: of individuals, by id. Gives elements. */
export function todo(shown, names) {
  const steps = [...(shown.renewed ? [] : missing(shown)), ...roles(shown), ...lapsing(shown, names), ...submitting(shown)];
  if (!steps.length) return [el("p", {}, "Nothing: there is no day by which something has to be done.")];
  // What has a day comes first, by day.
  steps.sort((one, other) => (one.on ?? "9999").localeCompare(other.on ?? "9999"));
  return [el("ul", { class: "steps" }, ...steps.map(({ on, when, what }) => el("li", {}, el("strong", {}, when ?? ["By ", day(on)]), el("span", {}, ...what))))];
}

/** By when what is missing is needed, and what grace adds: the last day of a year, where that year is still to be judged. */
function deadline({ status, anniversary, renewal, required, renewed }) {
  if (!anniversary) return { when: status === "approved" ? ANY_DAY : "First", more: "" };
  if (renewed) return { on: renewal.from, when: NEXT, more: "" };
  // Without a number nothing is judged at the anniversary, and no days of grace follow it.
  if (required === null) return { when: ANY_DAY, more: "" };
  if (status === "grace") return { on: renewal.through, more: ", in the days of grace" };
  return { on: anniversary, more: `, at the latest in the days of grace through ${renewal.through}` };
}

function missing(shown) {
  const { more, ...by } = deadline(shown);
  const steps = [];
  if (shown.points_missing) steps.push({ ...by, what: [`Earn ${number(shown.points_missing, "more point")}${more}.`] });
  if (shown.mandatory_open.length) {
    steps.push({ ...by, what: [`Let somebody take ${listed(shown.mandatory_open)}, which is mandatory${more}.`] });
  }
  return steps;
}

function roles(shown) {
  const { on, when } = deadline(shown);
  return shown.roles
    .filter((role) => !isFilled(role))
    .map(({ role, asks }) => ({ on, when, what: [`Fill the role of ${roleName(role).toLowerCase()} with somebody who has ${asked(asks)}.`] }));
}

function lapsing({ risk, renewed, renewal }, names) {
  return risk.lapsing.map(({ role, individual, kind, name, expires_on: on }) => ({
    ...(renewed ? { on: renewal.from, when: NEXT } : { on }),
    what: [`${names(individual)} renews the ${kind} ${name}, or somebody else fills the role of ${roleName(role).toLowerCase()}.`],
  }));
}

function submitting({ specialization, status, type, renewal, renewed, required, as_of: today }) {
  if (status === null) return [{ when: "Then", what: ["Apply for it."] }];
  if (status === "lost") return [{ when: "Then", what: ["Reactivate it."] }];
  if (!renewal) return [];
  const days = ["From ", day(renewal.from), " through ", day(renewal.through)];
  if (renewed) return [{ on: renewal.through, when: days, what: ["Submit the next renewal. This year is renewed: nothing is to be done for it."] }];
  if (required === null) {
    const stays = `${words(specialization)} stays approved from year to year until a number of points is set for ${words(type).toLowerCase()}: nothing is to be submitted.`;
    return [{ when: ANY_DAY, what: [stays] }];
  }
  const alone = ["Submit the renewal. Otherwise it is renewed by itself on ", day(renewal.through), ", if everything is met that day."];
  return [{ on: renewal.through, when: renewal.from > today ? days : null, what: alone }];
}
