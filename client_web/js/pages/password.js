// Password fields: a button that shows what was typed, and the rules ticked off while typing. The server decides.
import { el } from "../ui/dom.js";
import { _, words } from "../ui/words.js";
import { kept } from "./password_rules.js";

/** @param {HTMLInputElement} input */
function reveal(input) {
  const label = (/** @type {boolean} */ shown) => (shown ? _("Hide") : _("Show"));
  const button = el("button", { type: "button", class: "btn bare small", "aria-pressed": "false" }, label(false));
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = label(shown);
    input.focus();
  });
  const box = el("div", { class: "reveal" });
  input.replaceWith(box);
  box.append(input, button);
  // A password in clear is not what a browser should remember as a text field.
  input.form?.addEventListener("submit", () => (input.type = "password"));
}

/** @param {HTMLInputElement} input */
function tickRules(input) {
  const list = document.querySelector(input.dataset.rules ?? "");
  if (!list) return;
  const tick = () => {
    const now = kept(input.value);
    for (const item of list.querySelectorAll("[data-rule]")) {
      if (!(item instanceof HTMLElement)) continue;
      item.classList.toggle("kept", now.has(item.dataset.rule ?? ""));
      item.classList.remove("missing");
    }
  };
  input.addEventListener("input", tick);
}

await words();
for (const input of document.querySelectorAll("input[data-password]")) {
  if (!(input instanceof HTMLInputElement)) continue;
  const focused = document.activeElement === input;
  reveal(input);
  if (focused) input.focus();
  if (input.dataset.rules) tickRules(input);
}
