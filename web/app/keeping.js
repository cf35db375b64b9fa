// A form that keeps one thing at a time: a new one, or one that there is, whose id stays.

import { el, options } from "./elements.js";
import { whenSent } from "./page.js";

/**
 * fields: [{ name, label, kind: "text", "number", "lines" or "check", hint, required }], the first the id; choices: the
 * ids that there are, where none can be added; send(given) keeps what the form says. Gives { form, fill(one) }.
 */
export function keeping({ fields, choices, button, send, chosen }) {
  const [id, ...others] = fields;
  const identity = choices ? el("label", {}, `${id.label} `, el("select", { name: id.name, onchange: () => chosen(field.value) }, ...options(choices))) : control(id);
  const field = identity.querySelector("[name]");
  const reset = el("button", { type: "reset", class: "plain", hidden: true }, "Leave it as it was");
  const form = el(
    "form",
    { class: "fields panel" },
    identity,
    ...others.map(control),
    el("div", { class: "refused wide" }),
    el("p", { class: "wide buttons" }, el("button", {}, button), " ", reset),
  );
  form.addEventListener("reset", () => changing(false));
  whenSent(form, () => send(Object.fromEntries(fields.map((one) => [one.name, given(form.elements.namedItem(one.name), one.kind)]))));

  function changing(one) {
    if (!choices) field.readOnly = one;
    reset.hidden = choices || !one;
  }

  function fill(one) {
    for (const { name, kind } of fields) set(form.elements.namedItem(name), kind, one[name]);
    changing(true);
  }

  return { form, fill };
}

function control({ hint, ...field }) {
  if (!hint) return labelled(field);
  return el("div", {}, labelled(field, `${field.name}-hint`), el("p", { id: `${field.name}-hint`, class: "hint" }, hint));
}

function labelled({ name, label, kind = "text", required = true }, hint = null) {
  const common = { name, "aria-describedby": hint };
  if (kind === "check") return el("label", { class: "check wide" }, el("input", { ...common, type: "checkbox" }), ` ${label}`);
  if (kind === "lines") return el("label", { class: "wide" }, `${label} `, el("textarea", { ...common, rows: 4, spellcheck: "false" }));
  const typed = kind === "number" ? { type: "number", min: 0, step: 1 } : { maxlength: 200, autocomplete: "off", spellcheck: "false" };
  return el("label", {}, `${label} `, el("input", { ...common, ...typed, required }));
}

function given(field, kind) {
  if (kind === "check") return field.checked;
  if (kind === "lines") return field.value.split(/[\s,]+/).filter(Boolean);
  if (kind === "number") return field.value === "" ? null : Number(field.value);
  return field.value.trim();
}

function set(field, kind, value) {
  if (kind === "check") field.checked = value;
  else field.value = kind === "lines" ? value.join("\n") : (value ?? "");
}
