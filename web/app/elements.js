// Elements made of text, never of markup: what people and providers wrote stays text.

/** el("p", { class: "quiet", onclick: f }, "text", child): attributes by name, on... as listeners, null left out. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for pictures. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/** A day as it is written everywhere: YYYY-MM-DD. A dash where there is none. */
export function day(iso) {
  return iso ? el("time", { datetime: iso }, iso) : none();
}

/** An instant as a day and a time of it, in UTC as the API has it. */
export function instant(iso) {
  return el("time", { datetime: iso }, `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`);
}

/** What is not there, to eyes and ears. */
export function none() {
  return el("span", { class: "quiet" }, el("span", { "aria-hidden": "true" }, "–"), el("span", { class: "hidden" }, "none"));
}

/** A status as a word with a colour and a shape of its own; tone: good, wait, bad, past. */
export function badge(word, tone) {
  return el("span", { class: `badge ${tone}` }, word);
}

/** The ids of the rules that something rests on. */
export function rules(ids) {
  return el("p", { class: "note" }, "By the rules ", ...ids.flatMap((id, at) => (at ? [", ", el("code", {}, id)] : [el("code", {}, id)])));
}

/** Names and what they are: [[name, text or node]]; what is null is left out. */
export function details(pairs) {
  const known = pairs.filter(([, content]) => content != null);
  const rows = known.map(([name, ...content]) => el("div", {}, el("dt", {}, name), el("dd", {}, ...content)));
  return el("dl", { class: "details" }, ...rows);
}

/** How far something has come: a label, and the same as a bar. */
export function bar(label, have, need) {
  // Where nothing is needed, nothing is left.
  return el("div", { class: "bar" }, el("span", {}, label), el("progress", { max: need || 1, value: need ? have : 1, "aria-label": label }));
}

/** Has the browser save a text as a file. */
export function saveAs(name, text, type) {
  // Without a byte order mark a spreadsheet takes the file for one of its own country's, and garbles names.
  const whole = type === "text/csv" ? `\ufeff${text}` : text;
  const address = URL.createObjectURL(new Blob([whole], { type }));
  el("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}

/** Options for a <select>: [[value, label]]. */
export function options(choices) {
  return choices.map(([value, label]) => el("option", { value }, label));
}

/**
 * A table that turns into cards where the screen is narrow.
 * columns: [{ label, cell: (row) => node or text, sort: "field" where rows can be sorted by it, number: true }];
 * sorted: "field" or "-field"; onsort: called with the next; titled: a heading above says to eyes what the caption says.
 */
export function table({ caption, columns, rows, sorted = "", onsort, titled = false }) {
  // Roles are said again: a browser forgets them where the style sheet makes cards of rows.
  const head = columns.map((column) => heading(column, sorted, onsort));
  const body = rows.map((row) =>
    el("tr", { role: "row" }, ...columns.map((column, at) => cell(column, row, at === 0))),
  );
  return el(
    "table",
    { role: "table", class: onsort ? "sortable" : null },
    el("caption", { class: titled ? "hidden" : null }, caption),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...head)),
    el("tbody", { role: "rowgroup" }, ...body),
  );
}

function heading({ label, sort, number }, sorted, onsort) {
  const attributes = { role: "columnheader", scope: "col", class: number ? "number" : null };
  if (!sort) return el("th", attributes, label);
  const direction = sorted === sort ? "ascending" : sorted === `-${sort}` ? "descending" : "none";
  const next = direction === "ascending" ? `-${sort}` : sort;
  const button = el("button", { type: "button", "data-sort": sort, onclick: () => onsort(next) }, label);
  return el("th", { ...attributes, "aria-sort": direction }, button);
}

function cell({ label, cell: content, number }, row, first) {
  const attributes = { class: number ? "number" : null, "data-label": label };
  const inside = el("span", { class: "value" }, content(row));
  return first
    ? el("th", { ...attributes, role: "rowheader", scope: "row" }, inside)
    : el("td", { ...attributes, role: "cell" }, inside);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
}
