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

const day = document.getElementById("f-day");
const hour = document.getElementById("f-hour");
const understood = document.querySelector("[data-understood]");

if (day instanceof HTMLInputElement && hour instanceof HTMLInputElement && understood) {
  // Browsers write days and hours in their own language's way: said again in ours.
  const say = () => {
    const at = new Date(`${day.value}T${hour.value || "00:00"}`);
    understood.textContent = !day.value || Number.isNaN(at.getTime()) ? ""
      : at.toLocaleString("vi-VN", { weekday: "long", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
  };
  day.addEventListener("input", say);
  hour.addEventListener("input", say);
  say();
}
