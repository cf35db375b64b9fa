// What endangers the next renewal: the pace of points, roles that hang on one person, what lapses behind a role.

import { day, el, rules } from "./elements.js";
import { roleName } from "./roles.js";
import { number } from "./words.js";

/** risk: as the API gives it; names: of individuals, by id. Gives elements. */
export function risks({ risk, status, renewed }, names) {
  if (status === null) return [el("p", {}, "There is no renewal yet that could be at risk.")];
  const onePerson = ({ role, individual }) => el("div", {}, `${roleName(role)}: nobody but ${names(individual)} qualifies.`);
  const { pace, hangs_on_one: hanging, lapsing } = risk;
  const told = [
    ...(pace ? [renewed ? surplus(pace) : paceOf(pace)] : []),
    ...lapsing.map(({ role, individual, kind, name, expires_on: on, before }) =>
      hold("Will lapse", `The ${kind} ${name}, by which ${names(individual)} fills the role of ${roleName(role).toLowerCase()}, is valid through `, day(on), before === "grace" ? ", before grace ends." : renewed ? ", before the next anniversary." : ", before the anniversary."),
    ),
    ...(hanging.length ? [hold(`${number(hanging.length, "role")} on one person each`, ...hanging.map(onePerson))] : []),
  ];
  const because = renewed ? ["no-rollover", ...risk.rules] : risk.rules;
  return told.length ? [...told, ...(because.length ? [rules(because)] : [])] : [el("p", {}, "Nothing that is known today.")];
}

function surplus({ days_left: left }) {
  return el("div", { class: "gain" }, el("p", { class: "title" }, "This year is renewed"), el("p", {}, `It has ${number(left, "day")} left; what is earned in them is surplus, and does not count for the next year.`));
}

function paceOf({ projected, required, meets, days_left: left, points_per_30_days_needed: needed }) {
  const reached = `At the present pace ${projected} of ${number(required, "point")} will be reached, with ${number(left, "day")} left.`;
  if (meets) return el("div", { class: "gain" }, el("p", { class: "title" }, "The pace is enough"), el("p", {}, reached));
  return hold("The pace is not enough", `${reached} ${number(needed, "point")} every 30 days would be enough.`);
}

const hold = (title, ...told) => el("div", { class: "hold" }, el("p", { class: "title" }, title), el("div", {}, ...told));
