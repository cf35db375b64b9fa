// A field that finds while somebody types: an ARIA combobox with a list below it.

import { el } from "./elements.js";

const PAUSE_MILLISECONDS = 150;

/**
 * Arrow keys move, Enter takes what is marked or else the first, Escape closes; a click takes as well.
 * find(letters, signal): the choices that fit, [{ text, hint, ... }], undefined where it gave up; onchosen(choice): what
 * was taken, null once it is typed over; missing: said of a text that is no choice.
 * Gives choose(choice), to take one from elsewhere.
 */
export function combobox(input, list, { find, onchosen, missing }) {
  let choices = [];
  let marked = -1;
  let chosen = null;
  let timer;
  let looking;
  let call = new AbortController();

  function choose(choice) {
    chosen = choice;
    if (choice) input.value = choice.text;
    input.setCustomValidity(choice || !input.value ? "" : missing);
    if (choice) close();
    onchosen(choice);
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(at) {
    marked = at;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[at].id);
  }

  function show(found) {
    choices = found;
    list.replaceChildren(...found.map(option));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    mark(-1);
  }

  function option(choice, at) {
    const listeners = {
      // The press would take the focus from the field, which closes the list before the click.
      onmousedown: (event) => event.preventDefault(),
      onclick: () => choose(choice),
    };
    const hint = el("span", { class: "quiet" }, choice.hint);
    return el("li", { id: `${list.id}-${at}`, role: "option", ...listeners }, el("span", {}, choice.text), " ", hint);
  }

  function look() {
    clearTimeout(timer);
    timer = undefined;
    call.abort();
    call = new AbortController();
    looking = find(input.value.trim(), call.signal).then((found) => {
      if (found && document.activeElement === input) show(found);
    });
    return looking;
  }

  async function take() {
    // Who types and presses Enter at once means what stands in the field, not what was found for less.
    await (timer || list.hidden ? look() : looking);
    if (choices.length && !list.hidden) choose(choices[Math.max(marked, 0)]);
  }

  input.addEventListener("input", () => {
    choose(null);
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MILLISECONDS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look();
      else if (event.key === "ArrowDown") mark((marked + 1) % choices.length);
      else mark((marked <= 0 ? choices.length : marked) - 1);
    } else if (event.key === "Enter" && !chosen && input.value.trim()) {
      event.preventDefault();
      take();
    } else if (event.key === "Escape") close();
  });
  input.addEventListener("blur", close);
  return choose;
}
