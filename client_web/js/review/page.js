// The review page: keys, the seconds one looked, choices of doubtful names, units of a group. Everything works without it.
import { keys } from "../ui/keys.js";
import { _, words } from "../ui/words.js";
import { keepTyped } from "./draft.js";
import "./listen.js";
import { stopwatch } from "./seconds.js";

const card = /** @type {HTMLFormElement} */ (document.querySelector("form.card"));

await words();
watch();
choices();
fans();
keepTyped(card, card.dataset.decided);
wireKeys();
centre(".cands", "[aria-current]");
centre(".words", "mark");

/**
 * Bring what is looked at to the middle of its own list; the page itself stays where it is.
 * @param {string} list @param {string} wanted
 */
function centre(list, wanted) {
  const box = document.querySelector(list);
  const item = box?.querySelector(wanted);
  if (!box || !item) return;
  const [outer, inner] = [box.getBoundingClientRect(), item.getBoundingClientRect()];
  box.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
}

/** Fill in how long the candidate was looked at, when something is sent. */
function watch() {
  const clock = stopwatch(performance.now());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clock.pause(performance.now());
    else clock.resume(performance.now());
  });
  card.addEventListener("submit", () => {
    const field = card.elements.namedItem("seconds");
    if (field instanceof HTMLInputElement) field.value = String(clock.seconds(performance.now()));
  });
}

/** "Maybe: xã Cái Đôi Vàm" puts the unit into its field. */
function choices() {
  for (const button of card.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", () => {
      if (!(button instanceof HTMLElement)) return;
      const select = document.getElementById(button.dataset.choose ?? "");
      if (!(select instanceof HTMLSelectElement)) return;
      for (const option of select.options) if (option.value === button.dataset.value) option.selected = true;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      button.remove();
    });
  }
}

/** A group among the leads shows its units, each with its tick. */
function fans() {
  const select = document.getElementById("leads");
  if (!(select instanceof HTMLSelectElement)) return;
  const show = () => {
    const chosen = new Set([...select.selectedOptions].map((option) => option.value));
    for (const fan of card.querySelectorAll("[data-fan]")) {
      if (fan instanceof HTMLElement) fan.hidden = !chosen.has(fan.dataset.fan ?? "");
    }
  };
  select.addEventListener("change", show);
  show();
}

function wireKeys() {
  const hear = () => {
    const button = card.querySelector("[data-listen]");
    if (button instanceof HTMLElement) button.click();
  };
  const go = (/** @type {string | undefined} */ id) => {
    if (id) location.assign(`/conferences/${card.dataset.conference}/review?c=${id}`);
  };
  const focus = (/** @type {string} */ id) => () => {
    const field = document.getElementById(`${id}-input`) ?? document.getElementById(id);
    field?.focus();
  };
  keys([
    { key: " ", shown: _("Space"), words: _("Hear the words"), act: hear },
    { key: " ", shown: _("Space"), ctrl: true, words: _("Hear the words while typing"), act: hear },
    { key: "j", words: _("Next draft"), act: () => go(card.dataset.next) },
    { key: "k", words: _("Previous draft"), act: () => go(card.dataset.previous) },
    { key: "r", words: _("Not a task, then a digit for the reason"), act: reject },
    { key: "e", words: _("Content"), act: focus("task") },
    { key: "c", words: _("Lead unit"), act: focus("leads") },
    { key: "p", words: _("Co-ordinating"), act: focus("co") },
    { key: "h", words: _("Deadline"), act: focus("due") },
    ...Array.from({ length: 9 }, (_none, n) => ({ key: String(n + 1), words: _("Reason {n}", { n: n + 1 }), act: () => reason(n) })),
  ]);
  const undo = document.querySelector("[data-undo-last]");
  if (undo instanceof HTMLElement && !card.querySelector("[data-key=u]")) {
    keys([{ key: "u", words: _("Undo the last one"), act: () => undo.click() }]);
  }
}

function reject() {
  const menu = card.querySelector("details.reject");
  if (!(menu instanceof HTMLDetailsElement)) return;
  menu.open = !menu.open;
  if (menu.open) menu.querySelector("button")?.focus();
}

/** @param {number} n place of the reason; only while the list is open */
function reason(n) {
  const menu = card.querySelector("details.reject[open]");
  const button = menu?.querySelectorAll("button")[n];
  if (button instanceof HTMLElement) button.click();
}
