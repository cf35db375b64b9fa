// The API's ids in words for people, and the tone of each status.

const DAY_MILLISECONDS = 86_400_000;

export const CLAIM_STATUSES = { pending: "Pending", earned: "Earned", denied: "Denied", redeemed: "Redeemed", expired: "Expired" };
export const CERTIFICATION_STATUSES = {
  active: "Active", suspended: "Suspended", emeritus: "Emeritus", inactive: "Inactive", expired: "Expired",
};

export const SPECIALIZATION_STATUSES = { approved: "Approved", grace: "In grace", lost: "Lost" };
export const ROLES = { am: "Account manager", se: "Systems engineer", fe: "Field engineer" };

/** Why a claim may be denied (A5). */
export const DENIAL_REASONS = [
  "mismatched-credentials", "inadequate-completion", "invalid-course-certification-details", "unexpected-behavior", "policy-enforcement",
];

const TONES = {
  earned: "good", active: "good", redeemed: "past", emeritus: "past", inactive: "past",
  pending: "wait", suspended: "wait", denied: "bad", expired: "bad",
  approved: "good", grace: "wait", lost: "bad",
};

/** How a status looks: good, wait, bad or past. */
export const tone = (status) => TONES[status] ?? "past";

/** "instructor-led-training" as "Instructor-led training": hyphens stay where they join. */
export function words(id) {
  const text = id.replaceAll("instructor-led", "instructor+led").replaceAll(/[-_]/g, " ").replaceAll("+", "-");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "A", "A and B", "A, B and C". */
export const listed = (names, joined = "and") => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(` ${joined} `);

/** Whole months from a day to another. */
export function months(from, through) {
  const [year, month, on] = from.split("-").map(Number);
  const [laterYear, laterMonth, laterOn] = through.split("-").map(Number);
  return (laterYear - year) * 12 + laterMonth - month - (laterOn < on ? 1 : 0);
}

/** "1 course", "2 courses". */
export const number = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** Days from a day to another. */
export const daysTo = (on, today) => (Date.parse(on) - Date.parse(today)) / DAY_MILLISECONDS;

/** Days until a day as a sentence's end: "in 30 days", "today", "3 days ago". */
export function inDays(days) {
  if (days === 0) return "today";
  return days > 0 ? `in ${number(days, "day")}` : `${number(-days, "day")} ago`;
}

/** What an option needs, or leaves to do: "40 credits + 1 core exam", as the API says it where it writes sentences. */
export const parts = (numbers) => Object.entries(numbers).map(([name, count]) => `${count} ${part(name, count)}`).join(" + ");

/** One part of an option by its number: "credits", "core exam", "professional exams". */
export function part(name, count) {
  const bare = name.replaceAll("_", " ").replace(/ exam$/, "");
  if (name === "credits" || name === "fee") return bare;
  return count === 1 ? `${bare} exam` : `${bare} exams`;
}
