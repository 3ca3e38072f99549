// A deadline field: while one types, the server reads the words and the date they mean appears beside them.
// It answers GET <data-due>?text=… with {read, note}: `read` is '' while the words mean no date.
import { el, icon } from "./dom.js";

const PAUSE_MS = 250;

/**
 * Wire one `.due[data-due]`.
 * @param {HTMLElement} box
 */
export function dueField(box) {
  const input = /** @type {HTMLInputElement} */ (box.querySelector("input"));
  const output = /** @type {HTMLOutputElement} */ (box.querySelector("output"));
  const note = box.parentElement?.querySelector("[data-note]");
  const hint = note?.textContent ?? "";
  let timer = 0;
  let asked = 0;

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(read, PAUSE_MS);
  });

  async function read() {
    const mine = ++asked;
    const text = input.value.trim();
    if (!text) return show("", "");
    const url = new URL(box.dataset.due ?? "", location.href);
    url.searchParams.set("text", text);
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (mine !== asked || !answer?.ok) return;
    const found = await answer.json();
    if (mine === asked) show(found.read, found.note, text);
  }

  /**
   * @param {string} date
   * @param {string} remark
   * @param {string} [text]
   */
  function show(date, remark, text = "") {
    box.classList.toggle("unread", Boolean(text) && !date);
    output.hidden = !text;
    if (date) output.replaceChildren(icon("calendar"), date);
    else output.replaceChildren(el("span", {}, box.dataset.unread ?? ""));
    if (note instanceof HTMLElement) {
      note.textContent = remark || hint;
      note.hidden = !note.textContent;
    }
  }
}
