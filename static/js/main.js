import * as countdown from "./countdown.js";
import * as forms from "./forms.js";
import * as live from "./live.js";
import * as reveal from "./reveal.js";
import * as search from "./search.js";

countdown.start();
forms.start();
reveal.start();
search.start();
if (document.getElementById("main").dataset.state) {
  live.start();
}
