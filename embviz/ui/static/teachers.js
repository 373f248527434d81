// Fills in the answers, which the server works out meanwhile; some take it half a minute.

(() => {
  const SOON = 1_000;
  const LATER = 5_000;
  const lesson = Number(document.getElementById("lesson").textContent);

  async function fetchTruths() {
    let wait = SOON;
    let isOver = false;
    try {
      const response = await fetch("class/truths", { cache: "no-store" });
      const known = await response.json();
      if (!response.ok) throw new Error(known.error);
      const isOurs = known.lesson === lesson;
      for (const place of document.querySelectorAll("[data-answer]")) {
        const truth = known.truths[place.dataset.answer];
        if (!isOurs) place.textContent = gettext("The lesson has changed: load this page again.");
        else if (truth) place.textContent = truth.text ?? truth.refused;
      }
      isOver = !isOurs || !known.truths.includes(null);
    } catch {
      wait = LATER;
    }
    if (!isOver) setTimeout(fetchTruths, wait);
  }

  fetchTruths();
})();
