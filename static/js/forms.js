// Sends the page's small forms without leaving it. Without scripts they are plain forms.

import { main, refresh, say } from "./page.js";

export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // A set too old to tell which of two buttons was pressed sends the form as it is.
    const isUnclear = !event.submitter && form.querySelector("[formaction]");
    if (!("act" in form.dataset) || isUnclear) {
      return;
    }
    event.preventDefault();
    if (!form.dataset.sending) {
      form.dataset.sending = "yes";
      send(form, event.submitter);
    }
  });
}

async function send(form, pressed) {
  // Not form.action: that may be a field of this name.
  const url = (pressed && pressed.getAttribute("formaction")) || form.getAttribute("action");
  try {
    const answer = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      keepalive: true, // pressed right before leaving the page, it counts all the same
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
    const { said, show: place } = form.dataset;
    const body = await answer.json();
    await refresh();
    lead(place);
    confirm(body.said || said);
  } else {
    const body = await answer.json();
    complain(body.error.message);
  }
}

/** On to what comes next, where the thing that was pressed may be gone. */
function lead(place) {
  const next = place && document.getElementById(place);
  if (next) {
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}

function confirm(sentence) {
  if (sentence) {
    put(sentence, "done");
    say(sentence);
  }
}

function complain(sentence) {
  const notice = put(sentence, "error");
  notice.setAttribute("role", "alert");
  notice.scrollIntoView({ block: "nearest" });
}

/** A notice above everything else, in place of the one before. */
function put(sentence, kind) {
  main().querySelectorAll(".notice--error, .notice--done").forEach((old) => old.remove());
  const notice = document.createElement("p");
  notice.className = "notice notice--" + kind;
  notice.textContent = sentence;
  main().prepend(notice);
  return notice;
}

const token = () => document.querySelector("meta[name=csrf-token]").content;
