// Finds while somebody types. Without scripts the form asks for a page.

import { load, swap } from "./page.js";

const PAUSE = 250;

export function start() {
  const form = document.querySelector("form[data-search]");
  if (!form) {
    return;
  }
  let timer = 0;
  let running = null;
  const find = async () => {
    const url = form.action + "?q=" + encodeURIComponent(form.elements.q.value.trim());
    if (running) {
      running.abort();
    }
    running = new AbortController();
    try {
      const fresh = await load(url, { signal: running.signal });
      swap(fresh, "results");
      history.replaceState(null, "", url);
      document.getElementById("live").textContent = document.getElementById("found").textContent;
    } catch (error) {
      // A newer question, or no network: the old answers stay, and the button asks again.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE);
  });
}
