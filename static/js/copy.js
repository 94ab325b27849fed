// Copies a field's text at one press. Without scripts the text can be selected.

import { say } from "./page.js";

export function start() {
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  if (await isCopied(field)) {
    say(button.dataset.said);
    button.textContent = button.dataset.said;
  }
}

// On plain http browsers keep the clipboard to themselves; the old command still works there.
async function isCopied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch (error) {
    field.select();
    return document.execCommand("copy");
  }
}
