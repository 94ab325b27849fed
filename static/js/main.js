import * as copy from "./copy.js";
import * as countdown from "./countdown.js";
import * as discover from "./discover.js";
import * as forms from "./forms.js";
import * as live from "./live.js";
import { repeat } from "./page.js";
import * as playing from "./playing.js";
import * as posters from "./posters.js";
import * as reveal from "./reveal.js";
import * as search from "./search.js";
import * as sync from "./sync.js";

copy.start();
countdown.start();
discover.start();
forms.start();
playing.start();
posters.start();
reveal.start();
search.start();
sync.start();
repeat();
if (document.getElementById("main").dataset.state) {
  live.start();
}
