// Puts a fresh copy of the page in place of the old one: focus, scroll and typed text stay.

export const main = () => document.getElementById("main");

export const token = () => document.querySelector("meta[name=csrf-token]").content;

export const say = (text) => {
  document.getElementById("live").textContent = text;
};

/** Put what the server says in its place once more: a region that was full from the start is not read out. */
export function repeat() {
  main().querySelectorAll("[data-done]").forEach((done) => {
    setTimeout(() => (done.textContent = done.textContent), 300);
  });
}

export async function load(url, options) {
  const answer = await fetch(url, Object.assign({ credentials: "same-origin", headers: { Accept: "text/html" } }, options));
  if (answer.status === 401 || new URL(answer.url).pathname === "/who") {
    location.assign("/who");
  }
  if (!answer.ok) {
    throw new Error("The page answered " + answer.status);
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Whether a swap would take something out of somebody's hands. */
export function isBusy() {
  const active = document.activeElement;
  const isTyping = active && active.matches("input:not([type=radio]):not([type=checkbox]), select, textarea");
  return Boolean(isTyping) || Boolean(main().querySelector("details[open], dialog[open]")) || isFilledIn();
}

function isFilledIn() {
  return Array.from(main().querySelectorAll("input, select, textarea")).some((field) =>
    field.matches("select")
      ? Array.from(field.options).some((option) => option.selected !== option.defaultSelected && option.index > 0)
      : field.checked !== field.defaultChecked || field.value !== field.defaultValue
  );
}

/** Swap the elements with this id, from the fresh page into this one. */
export function swap(fresh, id) {
  const focused = document.activeElement && document.activeElement.id;
  const scroll = window.scrollY;
  const reels = Array.from(document.querySelectorAll(".reel[id]"), (reel) => [reel.id, reel.scrollLeft]);
  document.title = fresh.title;
  document.getElementById(id).replaceWith(document.adoptNode(fresh.getElementById(id)));
  const again = focused && document.getElementById(focused);
  if (again && !again.disabled) {
    again.focus({ preventScroll: true });
  } else if (focused && document.activeElement === document.body) {
    main().focus({ preventScroll: true });
  }
  window.scrollTo(0, scroll);
  reels.forEach(([name, left]) => {
    const reel = left && document.getElementById(name);
    if (reel) {
      reel.scrollLeft = left;
    }
  });
  document.dispatchEvent(new Event("swapped"));
}

export async function refresh() {
  swap(await load(location.href), "main");
}
