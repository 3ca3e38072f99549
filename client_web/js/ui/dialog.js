// Dialogs: `data-open="#id"` shows one, `data-close` and Esc close it (the safe answer). The focus returns by itself.
import { el } from "./dom.js";

/** Wire the dialogs of a document, also those that come later. */
export function dialogs() {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest("[data-open]");
    if (opener instanceof HTMLElement) {
      const box = document.querySelector(opener.dataset.open ?? "");
      if (box instanceof HTMLDialogElement) box.showModal();
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  });
}

/**
 * Ask before what cannot be undone: names the object and the loss; the safe answer comes first.
 * @param {{ title: string, text: string, safe: string, danger: string }} question
 * @returns {Promise<boolean>} true only for the dangerous answer
 */
export function ask({ title, text, safe, danger }) {
  const no = el("button", { class: "btn", type: "button", autofocus: true }, safe);
  const yes = el("button", { class: "btn danger solid", type: "button" }, danger);
  const box = el("dialog", { class: "dlg", "aria-labelledby": "ask-t" },
    el("h2", { id: "ask-t" }, title), el("p", { class: "quiet" }, text), el("div", { class: "acts" }, no, yes));
  document.body.append(box);
  return new Promise((resolve) => {
    let answer = false;
    no.addEventListener("click", () => box.close());
    yes.addEventListener("click", () => {
      answer = true;
      box.close();
    });
    box.addEventListener("close", () => {
      box.remove();
      resolve(answer);
    });
    box.showModal();
  });
}
