// Asks now and then whether the code was approved at Trakt. Without scripts there is a button.

const device = document.getElementById("device");
const SLOWER = 2;

if (device) {
  device.querySelector("form").hidden = true;
  say(said().dataset.waiting);
  wait(Number(device.dataset.interval));
}

function wait(seconds) {
  setTimeout(check, seconds * 1000, seconds);
}

async function check(seconds) {
  let answer;
  try {
    answer = await fetch(device.dataset.check, {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ deviceCode: device.dataset.handle }),
    });
    await follow(answer, await answer.json(), seconds);
  } catch (error) {
    wait(seconds * SLOWER); // the network, or our own server, is away
  }
}

function follow(answer, body, seconds) {
  if (body.success) {
    location.assign(device.dataset.then);
  } else if (answer.status === 401) {
    location.assign("/who");
  } else if (body.pending) {
    say(said().dataset.waiting);
    wait(Math.max(body.interval, 1));
  } else if (answer.status === 429 || answer.status >= 500) {
    say(body.error.message);
    wait(Math.max(Number(answer.headers.get("Retry-After")), seconds * SLOWER));
  } else {
    end(body.error.message);
  }
}

function end(sentence) {
  say(sentence);
  device.classList.add("device--ended");
  const again = document.querySelector("#device-new button");
  again.classList.remove("button--quiet");
  again.focus();
}

function say(sentence) {
  if (said().textContent !== sentence) {
    said().textContent = sentence;
  }
}

function said() {
  return document.getElementById("device-said");
}

function token() {
  return document.querySelector("meta[name=csrf-token]").content;
}
