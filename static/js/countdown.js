// How long until the phase ends. Without scripts the page says when it does.

const DAY = 86400;

export function start() {
  tick();
  setInterval(tick, 1000);
  document.addEventListener("swapped", tick);
}

function tick() {
  document.querySelectorAll("[data-until]").forEach((place) => {
    const seconds = Math.floor((Date.parse(place.dataset.until) - Date.now()) / 1000);
    place.hidden = !(seconds > 0);
    const text = seconds > 0 ? inWords(seconds, place.dataset.units.split(" ")) : "";
    if (place.textContent !== text) {
      place.textContent = text;
    }
  });
}

function inWords(seconds, units) {
  const parts = [Math.floor(seconds / DAY), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const first = parts.findIndex((part) => part > 0);
  return parts
    .map((part, at) => part + " " + units[at])
    .slice(first, Math.max(first + 2, 3))
    .slice(0, first === 0 ? 3 : 2)
    .join(" ");
}
