// Moves the bar of the film that is on. Without scripts it stands where the page was loaded.

const EVERY_MS = 1000;

let seen = null; // the bar, and when it came with which passed seconds

export function start() {
  tick();
  setInterval(tick, EVERY_MS);
  document.addEventListener("swapped", tick);
}

function tick() {
  document.querySelectorAll("[data-playing][data-running=yes]").forEach(show);
}

/** The server says how much has passed; this device's clock may be wrong, but it knows how long ago. */
function show(place) {
  if (!seen || seen.place !== place) {
    seen = { place, at: performance.now(), passed: Number(place.dataset.passed) };
  }
  const bar = place.querySelector("progress");
  const passed = Math.min(seen.passed + (performance.now() - seen.at) / 1000, bar.max);
  bar.value = passed;
  const { words, all } = place.querySelector("[data-words]").dataset;
  const text = words.replace("{passed}", Math.floor(passed / 60)).replace("{all}", all);
  if (place.querySelector("[data-words]").textContent !== text) {
    place.querySelector("[data-words]").textContent = text;
  }
}
