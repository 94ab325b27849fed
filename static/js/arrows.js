// Arrow keys lead where they point, and OK ticks a box. Without this script Tab reaches the same.
"use strict";

(function () {
  const PRESSABLE = "a[href], button, input, select, textarea, summary";
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const TOUCHING = 4; // pixels that neighbours may overlap

  document.addEventListener("keydown", function (event) {
    const from = document.activeElement || document.body;
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    if (event.key === "Enter" && from.type === "checkbox") {
      event.preventDefault();
      from.click();
    } else if (WAYS[event.key] && !needsArrows(from, WAYS[event.key]) && go(from, WAYS[event.key])) {
      event.preventDefault();
    }
  });

  /** Up and down leave a line of text, left and right move within it. */
  function needsArrows(field, way) {
    return field.matches("select, textarea, [type=radio]") || (way[0] && field.matches("input:not([type=checkbox])"));
  }

  /** False when the page may scroll instead. */
  function go(from, way) {
    const all = Array.from(document.querySelectorAll(PRESSABLE)).filter(isThere);
    const isNew = all.indexOf(from) < 0;
    const next = isNew ? all.find((one) => one.closest("main")) || all[0] : nearest(from, all, way);
    const goal = next || (canScroll(way) ? null : inTabOrder(from, all, way));
    if (goal) {
      goal.focus({ preventScroll: true });
      place(goal).scrollIntoView({ block: "center" }); // clear of the edges that a set cuts off
    }
    return Boolean(goal);
  }

  function isThere(one) {
    const box = area(one);
    return !one.disabled && one.tabIndex >= 0 && box.width > 0 && box.right > 0;
  }

  /** A box that is ticked is as large as its label. */
  const place = (one) => (one.type === "checkbox" && one.closest("label")) || one;

  const area = (one) => place(one).getBoundingClientRect();

  function nearest(from, all, way) {
    const start = area(from);
    const ranked = all
      .filter((one) => one !== from)
      .map((one) => [cost(start, area(one), way), one])
      .filter((pair) => pair[0] < Infinity)
      .sort((a, b) => a[0] - b[0]);
    return ranked.length ? ranked[0][1] : null;
  }

  /** How far away: ahead counts once, beside the way three times. */
  function cost(a, b, way) {
    const across = way[0] ? ["left", "right", "top", "bottom"] : ["top", "bottom", "left", "right"];
    const [near, far, low, high] = across;
    const ahead = way[0] + way[1] > 0 ? b[near] - a[far] : a[near] - b[far];
    const beside = Math.max(0, b[low] - a[high], a[low] - b[high]);
    const askew = Math.abs(b[low] - a[low]); // of several under a wide one, the first
    return ahead < -TOUCHING ? Infinity : Math.max(0, ahead) + 3 * beside + askew / 4;
  }

  function canScroll(way) {
    const page = document.documentElement;
    return way[1] < 0 ? window.pageYOffset > 0 : way[1] > 0 && window.pageYOffset + page.clientHeight < page.scrollHeight - 1;
  }

  const inTabOrder = (from, all, way) => all[all.indexOf(from) + way[0] + way[1]];
})();
