// The unit picker: tokens and cursor in one box over a native <select>, which keeps the values and stays what the form sends.
// Matches without diacritics, by alias and by code. Enter takes the first, Backspace removes the last, arrows choose.
// Each change is a `change` event on the select; a script that sets the select's options dispatches one, or calls `refresh()`.
import { el, icon } from "./dom.js";
import { fit, fold } from "./fold.js";

const SHOWN = 8;
let count = 0;

/**
 * Turn `[data-picker]` (macro `picker`) into a picker.
 * @param {HTMLElement} box
 * @returns {{ refresh: () => void, input: HTMLInputElement }}
 */
export function picker(box) {
  const select = /** @type {HTMLSelectElement} */ (box.querySelector("select"));
  const words = box.dataset;
  const menuId = `pick-${++count}`;
  const input = el("input", {
    type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": menuId, "aria-autocomplete": "list",
  });
  const field = el("div", { class: select.multiple ? "picker" : "picker single" }, input);
  const menu = el("ul", { class: "menu", id: menuId, role: "listbox", "aria-label": words.list, hidden: true });
  /** @type {HTMLOptionElement[]} */
  let found = [];
  let at = 0;

  adopt();
  box.append(field, menu);
  refresh();

  select.addEventListener("change", refresh);
  field.addEventListener("click", () => input.focus());
  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", () => open());
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", () => {
    close();
    input.value = "";
  });
  menu.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const line = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (line instanceof HTMLElement && line.dataset.index) take(found[Number(line.dataset.index)]);
  });

  /** The select's label, description and name go to the input; the select itself leaves the tab order. */
  function adopt() {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    input.id = `${select.id}-input`;
    if (label) label.setAttribute("for", input.id);
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
      const value = select.getAttribute(name);
      if (value) input.setAttribute(name, value);
    }
    select.hidden = true;
  }

  function chosen() {
    return [...select.selectedOptions].filter((option) => option.value !== "");
  }

  function refresh() {
    for (const token of field.querySelectorAll(".token")) token.remove();
    input.before(...chosen().map(token));
    input.placeholder = chosen().length ? "" : words.placeholder ?? "";
    input.disabled = select.disabled;
  }

  /** @param {HTMLOptionElement} option */
  function token(option) {
    const button = el("button", { type: "button", "aria-label": (words.remove ?? "{name}").replace("{name}", option.label) }, icon("x"));
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      drop(option);
      input.focus();
    });
    return el("span", { class: option.dataset.doubt === undefined ? "token" : "token doubt" }, option.label, button);
  }

  /** @param {HTMLOptionElement} option */
  function names(option) {
    return [option.label, option.value, ...(option.dataset.aliases ?? "").split("|").filter(Boolean)];
  }

  function open() {
    const typed = input.value;
    const taken = new Set(chosen());
    found = [...select.options]
      .filter((option) => option.value !== "" && !taken.has(option))
      .map((option) => ({ option, score: fit(typed, names(option)) }))
      .filter((item) => item.score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, SHOWN)
      .map((item) => item.option);
    at = 0;
    draw(typed);
  }

  /** @param {string} typed */
  function draw(typed) {
    const lines = found.map((option, index) => {
      const line = el("li", { role: "option", id: `${menuId}-${index}`, "data-index": index, "aria-selected": index === at ? "true" : "false" });
      line.append(...marked(option.label, typed));
      if (option.dataset.meta) line.append(" ", el("span", { class: "meta" }, option.dataset.meta));
      return line;
    });
    menu.replaceChildren(...(lines.length ? lines : [el("li", { class: "meta" }, words.none ?? "")]));
    menu.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (lines.length) input.setAttribute("aria-activedescendant", `${menuId}-${at}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    menu.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  /** @param {HTMLOptionElement | undefined} option */
  function take(option) {
    if (!option) return;
    if (select.multiple) option.selected = true;
    else select.value = option.value;
    delete option.dataset.doubt;
    input.value = "";
    close();
    changed();
  }

  /** @param {HTMLOptionElement} option */
  function drop(option) {
    if (select.multiple) option.selected = false;
    else select.value = "";
    changed();
  }

  function changed() {
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && menu.hidden) open();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(found.length, 1);
      draw(input.value);
    } else if (event.key === "Enter" && !menu.hidden && input.value.trim()) take(found[at]);
    else if (event.key === "Backspace" && !input.value && chosen().length) drop(chosen()[chosen().length - 1]);
    else if (event.key === "Escape" && !menu.hidden) {
      close();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  return { refresh, input };
}

/**
 * The label with what was typed in bold, found without diacritics.
 * @param {string} label
 * @param {string} typed
 */
function marked(label, typed) {
  const start = fold(typed) && label.length === fold(label).length ? fold(label).indexOf(fold(typed)) : -1;
  if (start < 0) return [label];
  const end = start + fold(typed).length;
  return [label.slice(0, start), el("mark", {}, label.slice(start, end)), label.slice(end)];
}
