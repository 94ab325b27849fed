// The television's page: agrees with the phones, sends its forms, counts down, reveals once.
// For sets as old as Chromium 68; without scripts its forms are plain and the page reloads itself.
"use strict";

(function () {
  const SOON = 2000;
  const HIDDEN = 15000;
  const LONGEST = 60000;
  const MINUTES = 30000; // how old the minutes of a film may be

  const live = document.getElementById("live");
  const main = () => document.getElementById("main");
  let etag = "";
  let state = null;
  let failures = 0;
  let shownAt = Date.now();
  let turn = Promise.resolve();

  function ask(url, more) {
    return fetch(url, Object.assign({ credentials: "same-origin", cache: "no-store" }, more));
  }

  /** One after the other, so that no page from before a press replaces one from after it. */
  function inTurn(act) {
    turn = turn.then(act, act);
    return turn;
  }

  async function look() {
    try {
      await compare();
      failures = 0;
    } catch (error) {
      failures += 1;
    }
    const pace = document.hidden ? HIDDEN : SOON;
    setTimeout(look, Math.min(pace * Math.pow(2, failures), LONGEST));
  }

  async function compare() {
    const answer = await ask(main().dataset.state, { headers: etag ? { "If-None-Match": etag } : {} });
    if (answer.status === 401) {
      location.reload(); // the sign-in redirect leads on
    } else if (answer.status === 200) {
      state = await answer.json();
      etag = answer.headers.get("ETag") || "";
    } else if (answer.status !== 304) {
      throw new Error("The state answered " + answer.status);
    }
    const shown = main().dataset;
    const isOld = state && (shown.version !== String(state.version) || shown.phase !== state.phase);
    const isOn = main().querySelector("progress") && Date.now() - shownAt > MINUTES;
    if (isOld || isOn) {
      await inTurn(refresh);
    }
  }

  async function refresh() {
    const answer = await ask(main().dataset.page, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) {
      throw new Error("The page answered " + answer.status);
    }
    swap(new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main"));
  }

  /** Focus and ticks stay; where the focus was on something that is gone, it goes to what is next. */
  function swap(fresh) {
    const focused = document.activeElement.id;
    const absent = Array.from(main().querySelectorAll("input:not(:checked)[type=checkbox]"), (box) => box.id);
    const before = words();
    main().replaceWith(document.adoptNode(fresh));
    absent.map((id) => document.getElementById(id)).filter(Boolean).forEach((box) => (box.checked = false));
    shownAt = Date.now();
    if (focused) {
      (document.getElementById(focused) || first() || main()).focus();
    }
    if (words() !== before) {
      live.textContent = words();
    }
    start();
  }

  const words = () => main().querySelector("[data-words]").textContent.replace(/\s+/g, " ").trim();

  const first = () => main().querySelector(".film[id], .acts button, .side button") || document.getElementById("again");

  function start() {
    tick();
    const again = document.getElementById("again");
    if (again) {
      again.hidden = false;
      again.addEventListener("click", reveal);
      if (isNews(main().querySelector("[data-reveal]").dataset.reveal)) {
        reveal();
      }
    }
  }

  function reveal() {
    const stage = main().querySelector(".stage");
    stage.classList.remove("stage--turning");
    stage.getBoundingClientRect(); // else the browser sees no change
    stage.classList.add("stage--turning");
  }

  function isNews(week) {
    try {
      const isNew = localStorage.getItem("revealed") !== week;
      localStorage.setItem("revealed", week);
      return isNew;
    } catch (error) {
      return false;
    }
  }

  function tick() {
    main().querySelectorAll("[data-until]").forEach((place) => {
      const seconds = Math.floor((Date.parse(place.dataset.until) - Date.now()) / 1000);
      place.hidden = seconds <= 0;
      place.textContent = seconds > 0 ? left(seconds, place.dataset.units.split(" ")) : "";
    });
  }

  /** The two largest units: "2 d 5 h". */
  function left(seconds, units) {
    const parts = [seconds / 86400, (seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60].map(Math.floor);
    const from = parts.findIndex((part) => part > 0);
    return parts.map((part, at) => part + " " + units[at]).slice(from, from + 2).join(" ");
  }

  function filledIn(form) {
    const body = new URLSearchParams(new FormData(form));
    const pressed = document.activeElement; // an old set does not say which button it was
    if (pressed.form === form && pressed.type === "submit" && pressed.name) {
      body.append(pressed.name, pressed.value);
    }
    return body;
  }

  async function send(url, body) {
    const answer = await ask(url, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: body,
    });
    const told = await answer.json();
    await refresh();
    tell(answer.ok ? told.said : told.error.message);
  }

  function tell(text) {
    if (text) {
      const notice = main().querySelector("[data-notice]");
      notice.hidden = false;
      notice.textContent = text;
    }
  }

  document.addEventListener("submit", function (event) {
    const url = event.target.getAttribute("action");
    const body = filledIn(event.target);
    event.preventDefault();
    inTurn(() => send(url, body)).catch(() => tell(live.dataset.failed));
  });

  start();
  if (first()) {
    first().focus({ preventScroll: true });
  }
  setInterval(tick, 1000);
  look();
})();
