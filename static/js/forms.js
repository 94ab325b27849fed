// Sends the page's small forms without leaving it. Without scripts they are plain forms.

import { main, refresh, say } from "./page.js";

export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("act" in form.dataset)) {
      return;
    }
    event.preventDefault();
    if (!form.dataset.sending) {
      form.dataset.sending = "yes";
      send(form);
    }
  });
}

async function send(form) {
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      body: new URLSearchParams(new FormData(form)),
    });
    await show(form, answer);
  } catch (error) {
    complain(document.getElementById("live").dataset.failed);
  }
  delete form.dataset.sending;
}

async function show(form, answer) {
  if (answer.status === 401) {
    location.assign("/who");
  } else if (answer.ok && form.dataset.then) {
    location.assign(form.dataset.then);
  } else if (answer.ok) {
    await refresh();
  } else {
    const body = await answer.json();
    complain(body.error.message);
  }
}

function complain(sentence) {
  const old = main().querySelector(".notice--error");
  const notice = document.createElement("p");
  notice.className = "notice notice--error";
  notice.setAttribute("role", "alert");
  notice.textContent = sentence;
  if (old) {
    old.remove();
  }
  main().prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
}

const token = () => document.querySelector("meta[name=csrf-token]").content;
