// A partner's specialization in words: its status, its points, its indicator.

import { badge, bar, el, none } from "./elements.js";
import { months, number, SPECIALIZATION_STATUSES, tone, words } from "./words.js";

const INDICATORS = { inactive: ["Inactive", "past"], "on-target": ["On target", "good"], behind: ["Behind", "bad"] };

/** "Approved", "In grace", "Lost", or that it is not held. */
export const statusBadge = ({ status }) => (status ? badge(SPECIALIZATION_STATUSES[status], tone(status)) : badge("Not held", "past"));

/** "Behind: 31 of 100 points after 8 of 12 months"; window and day: where they are known. */
export function indicated({ indicator, points, required }, window = null, day = null) {
  if (!indicator) return none();
  const [word, kind] = INDICATORS[indicator];
  const { start, end } = window ?? {};
  const whole = end && months(start, end);
  const time = end ? ` after ${Math.min(months(start, day), whole)} of ${number(whole, "month")}` : "";
  return el("span", {}, badge(word, kind), ` ${points} of ${number(required, "point")}${time}`);
}

/** The same as a word, to sort by. */
export const indicatorWord = ({ indicator }) => INDICATORS[indicator]?.[0] ?? "";

/** Points toward what is required, as a bar where a number is set. */
export function pointsBar({ points, required }) {
  return required === null ? el("span", {}, number(points, "point")) : bar(`${points} of ${number(required, "point")}`, points, required);
}

/** Whether it is a designation that is held, which has neither points nor a year (no-points-for-atp). */
export const isWithoutPoints = ({ status, anniversary }) => status === "approved" && anniversary === null;

/** Its id as a name. */
export const nameOf = ({ specialization }) => words(specialization);
