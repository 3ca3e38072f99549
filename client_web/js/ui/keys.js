// Single-letter keys: only outside fields, printed on their buttons, listed by `?`, and may be turned off (WCAG 2.1.4).
//
//   keys([{ key: "n", words: "Mời tiếp", act: () => … }])       a page module registers what it answers to
//   <button data-key="n">Mời tiếp <kbd>N</kbd></button>            a button that needs no script of its own
import { el } from "./dom.js";

/** @typedef {{ key: string, words: string, act: (event: KeyboardEvent) => void, ctrl?: boolean, shown?: string }} Key */

const STORED = "giaoban.keys";
/** @type {Key[]} */
let registered = [];
let listening = false;
/** How long a letter waits for the part of the page that answers to it, while the page is still starting. */
const WAITS_MS = 5000;
/** @type {KeyboardEvent[]} */
let waiting = [];

/**
 * Register keys; returns a function that takes them away again (a panel that closes).
 * @param {Key[]} more
 */
export function keys(more) {
  registered = [...registered, ...more];
  listen();
  const late = waiting;
  waiting = [];
  for (const event of late) onKey(event);
  return () => {
    registered = registered.filter((key) => !more.includes(key));
  };
}

/** Listen once: `?` opens the sheet, letters press what carries them. */
export function listen() {
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", onKey);
  const early = Reflect.get(window, "takeEarlyKeys");
  if (typeof early === "function") for (const event of early()) onKey(event);
}

/** Whether single letters are on in this browser. */
export function lettersOn() {
  return localStorage.getItem(STORED) !== "off";
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.metaKey || event.altKey) return;
  const name = event.key.toLowerCase();
  if (event.ctrlKey) {
    const key = registered.find((item) => item.ctrl && item.key === name);
    if (key) press(event, key.act);
    return;
  }
  if (inField(event.target)) {
    if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "?") return press(event, sheet);
  if (!lettersOn() || event.repeat) return;
  const key = registered.filter((item) => !item.ctrl && item.key === name).pop();
  if (key) return press(event, key.act);
  const button = document.querySelector(`[data-key="${CSS.escape(name)}"]`);
  if (button instanceof HTMLElement && button.getClientRects().length) return press(event, () => button.click());
  if (performance.now() < WAITS_MS) waiting.push(event);
}

/**
 * @param {KeyboardEvent} event
 * @param {(event: KeyboardEvent) => void} act
 */
function press(event, act) {
  event.preventDefault();
  act(event);
}

/** @param {EventTarget | null} target */
function inField(target) {
  return target instanceof HTMLElement
    && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select"));
}

/** The sheet of keys, filled with what this page answers to. */
function sheet() {
  const box = document.getElementById("keys");
  if (box instanceof HTMLDialogElement) box.showModal();
}

/**
 * Fill the sheet each time it opens, and let the check turn letters off.
 * @param {HTMLElement} list
 * @param {HTMLInputElement} on
 * @param {{ open: string, close: string }} general words of the keys that work everywhere
 */
export function keySheet(list, on, general) {
  on.checked = lettersOn();
  on.addEventListener("change", () => localStorage.setItem(STORED, on.checked ? "on" : "off"));
  const fill = () => {
    const lines = [["?", general.open], ["Esc", general.close]];
    for (const key of registered) lines.push([(key.ctrl ? "Ctrl+" : "") + (key.shown ?? key.key.toUpperCase()), key.words]);
    for (const button of document.querySelectorAll("[data-key]")) {
      if (button.getClientRects().length) lines.push([(button.getAttribute("data-key") ?? "").toUpperCase(), words(button)]);
    }
    list.replaceChildren(...lines.flatMap(([key, text]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, text)]));
  };
  fill();
  list.closest("dialog")?.addEventListener("focusin", fill, { once: false });
}

/** @param {Element} button its words without the printed key */
function words(button) {
  const copy = /** @type {Element} */ (button.cloneNode(true));
  for (const key of copy.querySelectorAll("kbd")) key.remove();
  return copy.textContent?.trim() ?? "";
}
