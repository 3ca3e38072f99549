// The conference form: one click invites a whole group (the picker beside it keeps the choice, and is what is sent).

const quick = document.querySelector("[data-quick]");
const select = document.getElementById("f-units");

if (quick instanceof HTMLElement && select instanceof HTMLSelectElement) {
  quick.hidden = false;
  quick.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-add]") : null;
    if (!(button instanceof HTMLElement)) return;
    const option = [...select.options].find((item) => item.value === button.dataset.add);
    if (!option || option.selected) return;
    option.selected = true;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
