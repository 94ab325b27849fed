// The last digit of a PIN lets its member in. The server never says how many digits there are:
// this device remembers the number after a success; until then, and after a refusal, a rest after
// the last digit does. Without scripts the form and its button do the same.
"use strict";

(function () {
  const form = document.querySelector("[data-pin-form]");
  const input = form.elements.pin;
  const sentence = form.querySelector("[data-pin-error]");
  const place = "pin-length-" + form.dataset.member;
  const LONGEST = 8;
  let known = Number(recall());
  let rest = 1000; // milliseconds
  let resting = 0;
  let sending = false;

  input.addEventListener("input", typed);
  typed(); // who is quick has typed before this script came

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(resting);
    send();
  });

  function typed() {
    const digits = input.value.length;
    clearTimeout(resting);
    if (digits) {
      sentence.hidden = true;
    }
    if (digits === (known || LONGEST)) {
      send();
    } else if (!known && digits >= 4) {
      resting = setTimeout(send, rest);
    }
  }

  async function send() {
    if (sending || !/^[0-9]{4,8}$/.test(input.value)) {
      return;
    }
    sending = input.readOnly = true;
    const digits = input.value.length;
    try {
      const answer = await post();
      if (answer.status === 403) {
        location.reload(); // another tab signed in or out: the form's token is of the past
        return;
      }
      const body = await answer.json();
      if (answer.ok) {
        remember(digits);
        location.assign(form.dataset.next);
        return;
      }
      refuse(body.error.message);
    } catch (_error) {
      refuse(form.dataset.offline);
    }
  }

  function post() {
    return fetch(form.action, {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json" },
      body: new FormData(form),
    });
  }

  // A remembered number may be out of date, and a rest too short for these fingers, while each
  // try counts: from here on the rest decides, and it grows.
  function refuse(text) {
    known = 0;
    rest *= 2;
    sending = input.readOnly = false;
    input.value = "";
    sentence.textContent = text;
    sentence.hidden = false;
    input.focus();
  }

  // Private windows may keep nothing; then the number is simply not known.
  function recall() {
    try {
      return localStorage.getItem(place);
    } catch (_error) {
      return "";
    }
  }

  function remember(digits) {
    try {
      localStorage.setItem(place, digits);
    } catch (_error) {
      known = 0;
    }
  }
})();
