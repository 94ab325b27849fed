// Looks again while the server is still fetching what the page is to show.

import { isBusy, main, refresh } from "./page.js";

const EVERY_MS = 2000;
const MOST = 15; // looks; what takes longer is there on the next visit

export function start() {
  let looks = 0;
  const look = async () => {
    if (!main().querySelector("[data-coming]") || looks >= MOST) {
      return;
    }
    looks += 1;
    if (!document.hidden && !isBusy()) {
      await refresh().catch(() => {}); // no network: the next look may have one
    }
    setTimeout(look, EVERY_MS);
  };
  setTimeout(look, EVERY_MS);
}
