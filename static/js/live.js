// Keeps the page of the week as fresh as everybody else's: asks for the state, swaps when it moved.

import { isBusy, main, refresh, say } from "./page.js";

const SOON = 2000;
const HIDDEN = 15000;
const LONGEST = 60000;

let etag = "";
let last = null;
let failures = 0;
let timer = 0;

export function start() {
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      plan(0);
    }
  });
  plan(0);
}

function plan(wait) {
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

async function look() {
  try {
    await ask();
    failures = 0;
  } catch (error) {
    failures += 1;
  }
  const pace = document.hidden ? HIDDEN : SOON;
  plan(Math.min(pace * Math.pow(2, failures), LONGEST));
}

async function ask() {
  const headers = etag ? { "If-None-Match": etag } : {};
  const answer = await fetch(main().dataset.state, { credentials: "same-origin", headers, cache: "no-store" });
  if (answer.status === 401) {
    location.assign("/who");
  } else if (answer.status === 200) {
    const state = await answer.json();
    etag = answer.headers.get("ETag") || "";
    tell(last, state);
    last = state;
  } else if (answer.status !== 304) {
    throw new Error("The state answered " + answer.status);
  }
  const shown = main().dataset;
  const isOld = last && (shown.version !== String(last.version) || shown.phase !== last.phase);
  if (isOld && !isBusy()) {
    await refresh();
  }
}

function winner(state, sentences) {
  const first = state.result && state.nominations.find((film) => film.id === state.result.first);
  return first ? sentences.winner.replace("{title}", first.title) : "";
}

/** Say what changed, for those who cannot see it. The sentences stand in the page. */
function tell(before, now) {
  if (!before || before.week !== now.week) {
    return;
  }
  const sentences = document.getElementById("live").dataset;
  if (before.phase !== now.phase) {
    say([sentences[now.phase], winner(now, sentences)].join(" ").trim());
    return;
  }
  const did = (act) => (member) => {
    const earlier = before.members.find((one) => one.id === member.id);
    return member[act] && earlier && !earlier[act];
  };
  const told = ["nominated", "voted"].map((act) =>
    now.members.filter(did(act)).map((member) => sentences[act].replace("{name}", member.name))
  );
  const news = told[0].concat(told[1]).join(" ");
  if (news) {
    say(news);
  }
}
