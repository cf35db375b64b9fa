// The roles that a specialization asks for: who fills them, who could, and what qualifies.

import { put } from "./api.js";
import { badge, el, none, options, table } from "./elements.js";
import { whenSent } from "./page.js";
import { listed, ROLES, words } from "./words.js";

export const roleName = (role) => ROLES[role] ?? words(role);

/** What a role asks for: "exams A and B, or the badge C; the certification D". */
export function asked({ exams, badge: wanted, certification }) {
  const passed = exams.length ? `${exams.length === 1 ? "exam" : "exams"} ${listed(exams)}` : "";
  const either = [passed, wanted ? `the badge ${wanted}` : ""].filter(Boolean).join(", or ");
  return [either, certification ? `the certification ${certification}` : ""].filter(Boolean).join("; ");
}

/** Whether somebody fills a role who is here and qualifies, as the API says of each. */
export const isFilled = ({ individual, associated, qualifies }) => Boolean(individual && associated && qualifies);

/** names: of individuals, by id; onfilled(told) follows a role that was filled. */
export function rolesTable({ path, administrator }, { specialization, roles }, names, onfilled) {
  const columns = [
    { label: "Role", cell: ({ role, asks }) => [roleName(role), el("span", { class: "note" }, `Asks for ${asked(asks)}`)] },
    { label: "Filled by", cell: filledBy },
    { label: administrator ? "Who else qualifies" : "Who qualifies", cell: (role) => (administrator ? choice(role) : candidates(role)) },
  ];
  return table({ caption: "Roles and who fills them", titled: true, columns, rows: roles });

  function candidates({ candidates: found }) {
    return found.length ? found.map(names).join(", ") : "Nobody today";
  }

  function choice({ role, individual, candidates: found }) {
    const others = found.filter((one) => one !== individual);
    if (!others.length) return el("span", { class: "quiet" }, found.length ? "Nobody else today" : "Nobody today");
    const field = el("select", { name: "individual", "aria-label": `Fill ${roleName(role)} with` }, ...options(others.map((one) => [one, names(one)])));
    const form = el("form", { class: "inline" }, field, el("button", { class: "plain", "aria-label": `Fill ${roleName(role)}` }, "Fill"), el("div", { class: "refused" }));
    whenSent(form, async () => {
      await put(`${path}/specializations/${encodeURIComponent(specialization)}/roles/${encodeURIComponent(role)}`, { individual: field.value });
      await onfilled(`${names(field.value)} fills the role of ${roleName(role).toLowerCase()}.`);
    });
    return form;
  }

  function filledBy(role) {
    const { individual, associated, qualifies } = role;
    if (!individual) return [none(), " ", badge("Open", "wait")];
    const state = !associated ? badge("Has left", "bad") : qualifies ? badge("Qualifies", "good") : badge("Does not qualify", "bad");
    return [names(individual), " ", state];
  }
}
