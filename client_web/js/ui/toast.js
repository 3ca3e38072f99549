// What was just done, with undo; bottom centre, eight seconds, one at a time, stays while it has the focus. Never for errors.
import { el, icon } from "./dom.js";

const SHOWN_MS = 8000;

/**
 * Show a toast; `undo` adds a button that calls it.
 * @param {string} text
 * @param {{ label: string, act: () => void }} [undo]
 */
export function toast(text, undo) {
  document.querySelector("[data-toast]")?.remove();
  const box = el("div", { class: "toast", role: "status", "data-toast": true }, icon("check"), el("span", {}, text));
  if (undo) {
    const button = el("button", { type: "button" }, undo.label);
    button.addEventListener("click", () => {
      box.remove();
      undo.act();
    });
    box.append(button);
  }
  document.body.append(box);
  leave(box);
  return box;
}

/**
 * Take a toast away after its time, but not while the focus or the pointer is in it.
 * @param {Element} box
 */
export function leave(box) {
  const timer = setInterval(() => {
    if (box.matches(":focus-within, :hover")) return;
    clearInterval(timer);
    box.remove();
  }, SHOWN_MS);
}
