// The report page: what is typed is kept in this browser at once and with the unit a moment later; files go up by themselves.
import "../review/listen.js";
import { csrf } from "../ui/dom.js";
import { draftIn, fieldsOf, fill, valuesOf } from "../ui/draft.js";
import { _, words } from "../ui/words.js";
import { uploads } from "./upload.js";

const PAUSE_MS = 1500;
const form = document.querySelector("form[data-report]");
if (form instanceof HTMLFormElement) await wire(form);
const sent = document.querySelector("[data-sent-draft]");
if (sent instanceof HTMLElement) draftIn(localStorage, sent.dataset.sentDraft ?? "").forget();

/** @param {HTMLFormElement} form */
async function wire(form) {
  await words();
  const saved = /** @type {HTMLElement} */ (form.querySelector("[data-saved]"));
  const key = form.elements.namedItem("client_key");
  const local = draftIn(localStorage, form.dataset.report ?? "");
  let timer = 0;

  restore();
  form.addEventListener("input", changed);
  const box = form.querySelector("[data-upload]");
  if (box instanceof HTMLElement) uploads(box, changed);
  form.addEventListener("submit", () => clearTimeout(timer));

  /** Words typed before a break come back, unless the unit's own draft holds some already. */
  function restore() {
    const draft = local.read();
    const text = form.elements.namedItem("text");
    if (!draft || !(text instanceof HTMLTextAreaElement) || text.value) return;
    fill(fieldsOf(form), draft);
    saved.textContent = _("What was typed before is here again.");
  }

  function changed() {
    const kept = local.keep(valuesOf(fieldsOf(form)));
    saved.textContent = kept ? _("Kept in this browser") : "";
    clearTimeout(timer);
    timer = window.setTimeout(send, PAUSE_MS);
  }

  /** The same draft for the unit's other devices; without a connection the browser's own stays. */
  async function send() {
    const body = new FormData(form);
    body.delete("upload");
    const headers = { Accept: "application/json", "X-CSRF-Token": csrf() };
    const answer = await fetch(form.dataset.report ?? "", { method: "POST", body, headers }).catch(() => null);
    if (answer?.ok && key) {
      const now = new Date().toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit" });
      saved.textContent = _("Draft saved at {time}, other devices open it too", { time: now });
    } else if (answer?.status === 401) saved.textContent = _("Signed out: the words are kept in this browser.");
    else if (!answer) saved.textContent = _("No connection: the words are kept in this browser.");
  }
}
