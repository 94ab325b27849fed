// The posters turn once a week on each device.

export function start() {
  reveal();
  document.addEventListener("swapped", reveal);
}

function reveal() {
  const result = document.querySelector("[data-reveal]");
  if (result && isNews(result.dataset.reveal)) {
    result.classList.add("result--turning");
  }
}

function isNews(week) {
  try {
    const isNew = localStorage.getItem("revealed") !== week;
    localStorage.setItem("revealed", week);
    return isNew;
  } catch (error) {
    return false; // no storage: rather never than at every look
  }
}
