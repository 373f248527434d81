// What the page does without the server. The ids and class names are those of asks.py.

window.embviz = (() => {
  // Selectors of the asks whose inputs were edited after they were last sent.
  const edited = new Set();

  // Why an ask, or the panel in it, does not show the answer to its inputs: they were "edited", a
  // new one is "awaited", or it was "refused". page.css says so instead of showing it, and nothing
  // in it can be used meanwhile: what is clicked there would be asked with other inputs than those
  // that the answer is about. A part is a CSS selector.
  function setStale(part, reason) {
    const element = document.querySelector(part);
    if (reason) element.dataset.stale = reason;
    else delete element.dataset.stale;
    (element.querySelector(".answer") ?? element).inert = Boolean(reason);
  }

  document.addEventListener("input", (event) => {
    const ask = event.target.closest?.(".ask");
    if (!ask || !event.target.matches("textarea, input[type=text]")) return;
    edited.add(`#${ask.id}`);
    setStale(`#${ask.id}`, "edited");
  });

  // A window that was resized while a tab was hidden leaves its figures with the old width.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[role=tab]")) {
      setTimeout(() => window.dispatchEvent(new Event("resize")), 50);
    }
  });

  return {
    asked(part, values) {
      edited.delete(part);
      setStale(part, "awaited");
      return values;
    },

    answered(part) {
      setStale(part, edited.has(part) ? "edited" : null);
    },

    refused(part) {
      setStale(part, edited.has(part) ? "edited" : "refused");
    },

    // Send the two texts of a table's row that is clicked.
    pickRows(table, send) {
      table.addEventListener("click", (event) => {
        const row = event.target.closest("tr[data-text-a]");
        if (row) send({ text_a: row.dataset.textA, text_b: row.dataset.textB });
      });
    },

    // Compare a pair above when its row in the table or its cell in the heat map is clicked.
    pickPairs(table, send) {
      const compare = (pair) => {
        send(pair);
        const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
        document
          .getElementById("comparison")
          .scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
      };
      this.pickRows(table, compare);
      // Gradio draws each figure anew, so the listener is attached when the pointer comes near.
      document.getElementById("matrix").addEventListener("pointerover", (event) => {
        const plot = event.target.closest(".js-plotly-plot");
        if (!plot || plot.isPickable || !plot.layout?.meta?.texts) return;
        plot.isPickable = true;
        plot.on("plotly_click", ({ points: [cell] }) => {
          const { texts } = plot.layout.meta;
          compare({ text_a: texts[cell.y], text_b: texts[cell.x] });
        });
      });
    },
  };
})();
