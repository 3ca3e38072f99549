// What a secretary typed about a candidate outlives a crash, a reload and a lost connection: kept in this browser for the
// candidate's version in hand, forgotten once it is stored or decided.
import { draftIn, fieldsOf, fill, forgetDrafts, valuesOf } from "../ui/draft.js";
import { _ } from "../ui/words.js";

/**
 * Keep and bring back what is typed in the review form.
 * @param {HTMLFormElement} card with data-card="candidate:version"
 * @param {string | undefined} decided the candidate that was just stored or decided
 */
export function keepTyped(card, decided) {
  const key = `review/${card.dataset.card}`;
  if (decided) forgetDrafts(localStorage, `review/${decided}:`, key.startsWith(`review/${decided}:`) ? key : undefined);
  forgetDrafts(localStorage, key.slice(0, key.lastIndexOf(":") + 1), key);
  const saved = card.querySelector("[data-saved]");
  if (!(saved instanceof HTMLElement)) return;
  const local = draftIn(localStorage, key);
  const draft = local.read();
  const changed = draft ? fill(fieldsOf(card), draft) : [];
  for (const field of changed) field.dispatchEvent(new Event(field.type.startsWith("select") ? "change" : "input", { bubbles: true }));
  if (changed.length) saved.textContent = _("What was typed before is here again.");
  for (const kind of ["input", "change"]) {
    card.addEventListener(kind, () => {
      saved.textContent = local.keep(valuesOf(fieldsOf(card))) ? _("Kept in this browser") : "";
    });
  }
}
