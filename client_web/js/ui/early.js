// Keys pressed before the page's modules are there are held for them (keys.js takes them over): on an old computer a
// page is seen well before its scripts run, and who works by keyboard does not wait. A classic script, in the head.
{
  /** @type {KeyboardEvent[]} */
  const held = [];
  /** @param {KeyboardEvent} event */
  const hold = (event) => held.push(event);
  document.addEventListener("keydown", hold);
  Reflect.set(window, "takeEarlyKeys", () => {
    document.removeEventListener("keydown", hold);
    return held.splice(0);
  });
}
