// Sync now without leaving the page: starts it, then follows its progress until it ends.

import { token } from "./page.js";

const EVERY_MS = 1000;

export function start() {
  const panel = document.querySelector("[data-sync]");
  if (!panel) return;
  const button = panel.querySelector("[data-sync-now]");
  button.form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin(panel, button);
  });
  if (button.disabled) follow(panel, true);
}

async function begin(panel, button) {
  button.disabled = true;
  const answer = await fetch(panel.dataset.sync.replace("/status/", "/sync/"), {
    method: "POST",
    credentials: "same-origin",
    headers: { "X-CSRFToken": token(), Accept: "application/json" },
  }).catch(() => null);
  if (answer && answer.ok) follow(panel, true);
  else button.form.submit();
}

async function follow(panel, wasRunning) {
  const answer = await fetch(panel.dataset.sync, { credentials: "same-origin" }).catch(() => null);
  if (answer && answer.status === 401) return location.reload();
  const sync = answer && answer.ok ? (await answer.json()).sync : { state: "running" };
  if (sync.state !== "running" && wasRunning) return location.reload();
  show(panel, sync);
  setTimeout(follow, EVERY_MS, panel, true);
}

function show(panel, sync) {
  panel.querySelector("[data-sync-progress]").hidden = false;
  if (sync.sentence) panel.querySelector("[data-sync-step]").textContent = sync.sentence;
  const bar = panel.querySelector("progress");
  if (sync.total) {
    bar.max = sync.total;
    bar.value = sync.done;
  } else {
    bar.removeAttribute("value");
  }
}
