// What is left for a certification, in the words of the program's tracker.

import { el } from "./elements.js";
import { parts } from "./words.js";

/** left: what each option still needs, as the API gives it (rule remaining); gives elements. */
export function remaining(left) {
  if (left.length === 0) return [el("p", {}, "Nothing: what is completed from now on does not count for it.")];
  if (left.some((needs) => Object.keys(needs).length === 0)) {
    return [el("p", {}, "Nothing: an option is met.")];
  }
  if (left.length === 1) return [el("p", {}, "Complete ", el("strong", {}, parts(left[0])), ".")];
  return [el("p", {}, "Complete one of the following:"), el("ul", {}, ...left.map((needs) => el("li", {}, parts(needs))))];
}
