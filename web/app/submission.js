// Applications, renewals and reactivations: what they would fail today, in words, beside the button that submits them.

import { newKey, post } from "./api.js";
import { day, el } from "./elements.js";
import { whenSent } from "./page.js";
import { isWithoutPoints } from "./specializations.js";

const RENEWAL = { title: "Renewal", button: "Submit the renewal", done: "The renewal is recorded." };
const REACTIVATION = { title: "Reactivation", button: "Reactivate it", done: "It is reactivated." };
const APPLICATION = { title: "Application as a new partner", button: "Apply", done: "It is approved." };
const TOO_EARLY = "renewal-too-early";

/** What may be submitted for a specialization as it stands: elements. onsubmitted(told) follows what was taken. */
export function submissions({ path, administrator }, shown, onsubmitted) {
  if (isWithoutPoints(shown)) return [nothing()];
  const one = `${path}/specializations/${encodeURIComponent(shown.specialization)}`;
  const renewal = { ...RENEWAL, to: `${one}/renewals`, checks: renewalChecks(shown) };
  const reactivation = { ...REACTIVATION, to: `${one}/reactivations`, checks: shown.blocks };
  const application = { ...APPLICATION, to: `${path}/applications`, checks: shown.application, body: { specialization: shown.specialization } };
  const offered = { approved: [renewal], grace: [renewal], lost: [reactivation, application] }[shown.status] ?? [application];
  return offered.map((kind) => submission(kind, shown, administrator, onsubmitted));
}

function nothing() {
  const rule = el("span", { class: "note" }, "Rule ", el("code", {}, "no-points-for-atp"));
  return el("div", { class: "panel" }, el("h3", {}, RENEWAL.title), el("p", {}, "It is held without points and needs no renewal.", rule));
}

/** Once a year is renewed, nothing else is judged for it. */
const renewalChecks = ({ renewed, blocks }) => (renewed ? blocks.filter(({ rule }) => rule === TOO_EARLY) : blocks);

function submission({ title, button, done, to, checks, body }, { renewal, renewed, required }, administrator, onsubmitted) {
  const id = `checks-${title.toLowerCase().replaceAll(" ", "-")}`;
  const from = to.endsWith("/renewals") && required !== null && renewal;
  const form = el(
    "form",
    { class: "panel", "aria-labelledby": `${id}-title` },
    el("h3", { id: `${id}-title` }, title),
    from ? el("p", {}, renewed ? "The next one may be submitted from " : "It may be submitted from ", day(renewal.from), " through ", day(renewal.through), ".") : null,
    el("div", { id }, ...standing(checks)),
    el("div", { class: "refused" }),
    administrator
      ? el("p", { class: "buttons" }, el("button", { class: checks.length ? "plain" : null, "aria-describedby": id }, button))
      : el("p", { class: "hint" }, "The partner's administrators submit it."),
  );
  // The same attempt until the page is drawn anew: sent twice, it is recorded once.
  const key = newKey();
  whenSent(form, async () => {
    await post(to, body, key);
    await onsubmitted(done);
  });
  return form;
}

function standing(checks) {
  if (!checks.length) return [el("p", { class: "gain" }, "Everything that it needs is met today.")];
  const items = checks.map(({ rule, detail }) => el("li", {}, detail, " ", el("span", { class: "note" }, "Rule ", el("code", {}, rule))));
  return [el("div", { class: "hold" }, el("p", { class: "title" }, "It would be refused today:"), el("ul", {}, ...items))];
}
