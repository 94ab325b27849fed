// Puts a poster in place of a card that was drawn because it had not come yet.

import { main } from "./page.js";

const PAUSES = [3000, 9000, 27000, 81000]; // ms; what takes longer is there on the next visit
const DRAWN = 300; // how wide movies/card.py draws; TMDB sends other sizes

let timer = 0;

export function start() {
  plan(0);
  document.addEventListener("swapped", () => plan(0));
}

function plan(round) {
  clearTimeout(timer);
  if (round < PAUSES.length && "posters" in main().dataset) {
    timer = setTimeout(look, PAUSES[round], round);
  }
}

async function look(round) {
  const begun = timer;
  if (!document.hidden) {
    await Promise.all(Array.from(main().querySelectorAll("img.poster")).filter(isDrawnInView).map(ask));
  }
  if (timer === begun) {
    plan(round + 1); // a page that was swapped meanwhile begins anew
  }
}

function isDrawnInView(image) {
  const { top, bottom } = image.getBoundingClientRect();
  return image.naturalWidth === DRAWN && bottom > 0 && top < window.innerHeight;
}

async function ask(image) {
  const answer = await fetch(image.src, { method: "HEAD", credentials: "same-origin" }).catch(() => null);
  const type = answer && answer.ok && answer.headers.get("Content-Type");
  if (type && !type.startsWith("image/svg") && !image.src.includes("?")) {
    image.src += "?come"; // under its old address this page would show the card again
  }
}
