// The partner that a page is about, and the way to its other pages.

import { get } from "./api.js";
import { el, options } from "./elements.js";
import { say } from "./page.js";

const PAGES = [["/partner.html", "Specializations"], ["/individuals.html", "Individuals"], ["/audit.html", "Audit"]];

/**
 * The partner in the address, or else the first that the person may see: {partner, administrator, path}. Null, and said,
 * where there is none. The API decides who sees what; administrator: whether a page offers what changes something.
 */
export async function partnerOf(person) {
  const asked = new URLSearchParams(location.search).get("partner");
  const partner = asked ?? person.partners[0] ?? (await get("/partners", { limit: 1 })).items[0]?.partner;
  if (!partner) say("You look after no partner yet.");
  return partner ? { partner, administrator: person.partners.includes(partner), path: `/partners/${encodeURIComponent(partner)}` } : null;
}

/** The address of a page about a partner, or about one of its specializations. */
export const about = (page, partner, more = {}) => `${page}?${new URLSearchParams({ partner, ...more })}`;

/** Links to the partner's pages, and a choice where somebody administers several. */
export function navigation(person, { partner, administrator }) {
  const place = document.querySelector("#partner");
  const links = PAGES.map(([href, name]) =>
    el("li", {}, el("a", { href: about(href, partner), "aria-current": href === location.pathname ? "page" : null }, name)),
  );
  place.replaceChildren(
    administrator && person.partners.length > 1 ? choice(person.partners, partner) : "",
    el("nav", { "aria-label": "Partner" }, el("ul", { class: "tabs" }, ...links)),
  );
}

function choice(partners, partner) {
  const field = el("select", { onchange: () => location.assign(about(location.pathname, field.value)) }, ...options(partners.map((id) => [id, id])));
  field.value = partner;
  return el("div", { class: "fields" }, el("label", {}, "Partner ", field));
}
