// What every page has: type size, account menu, dialogs, toasts, keys, and the enhanced fields. Wires, decides nothing.
import { dialogs } from "./dialog.js";
import { dropBox } from "./drop.js";
import { dueField } from "./due.js";
import { keySheet, listen } from "./keys.js";
import { picker } from "./picker.js";
import { sizeSwitch } from "./size.js";
import { leave } from "./toast.js";
import { _, words } from "./words.js";

/**
 * Enhance the fields inside `root`: for parts of a page that a script put there. Doing it twice is harmless.
 * @param {ParentNode} root
 */
export function enhance(root) {
  each(root, "[data-picker]:not([data-ready])", picker);
  each(root, "[data-due]:not([data-ready])", dueField);
  each(root, "[data-drop]:not([data-ready])", dropBox);
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @param {(element: HTMLElement) => void} wire
 */
function each(root, selector, wire) {
  for (const element of root.querySelectorAll(selector)) {
    if (!(element instanceof HTMLElement)) continue;
    element.dataset.ready = "";
    wire(element);
  }
}

/** A form that was sent says so on its button, and is not sent twice. */
function busyForms() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !(event.target instanceof HTMLFormElement)) return;
    if (event.target.dataset.sent !== undefined) return event.preventDefault();
    event.target.dataset.sent = "";
    const button = event.submitter;
    if (button) setTimeout(() => button.setAttribute("aria-busy", "true"));
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
    for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  });
}

/** The account menu closes when one looks elsewhere. */
function accountMenu() {
  const menu = document.querySelector("details.account");
  if (!(menu instanceof HTMLDetailsElement)) return;
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

enhance(document);
dialogs();
busyForms();
accountMenu();
listen();
each(document, "[data-size-switch]", sizeSwitch);
each(document, "[data-toast]", leave);
each(document, "[data-back]", (button) => button.addEventListener("click", () => history.back()));
const list = document.querySelector("[data-keys]");
const on = document.querySelector("[data-keys-on]");
if (list instanceof HTMLElement && on instanceof HTMLInputElement) {
  words().then(() => keySheet(list, on, { open: _("Show the keys"), close: _("Close, leave the field") }));
}
