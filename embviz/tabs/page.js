// What the page does without the server. The ids and class names are those of asks.py.

window.embviz = (() => {
  // Names of the asks whose inputs were edited after they were last sent.
  const edited = new Set();

  // Nothing in an answer can be used while it is old or a new one is on its way: what is clicked
  // there is asked with the inputs as they are, which may not be those that the answer is about.
  function showState(ask, isWaiting) {
    const element = document.getElementById(ask);
    element.querySelector(".answer").inert = isWaiting || element.hasAttribute("data-stale");
  }

  // Typing makes the answer beside it old; page.css veils it until a new one arrives.
  document.addEventListener("input", (event) => {
    const ask = event.target.closest?.(".ask");
    if (!ask || !event.target.matches("textarea, input[type=text]")) return;
    edited.add(ask.id);
    ask.toggleAttribute("data-stale", true);
    showState(ask.id, false);
  });

  // A window that was resized while a tab was hidden leaves its figures with the old width.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[role=tab]")) {
      setTimeout(() => window.dispatchEvent(new Event("resize")), 50);
    }
  });

  return {
    asked(ask, values) {
      edited.delete(ask);
      showState(ask, true);
      return values;
    },

    answered(ask) {
      if (!edited.has(ask)) document.getElementById(ask).toggleAttribute("data-stale", false);
      showState(ask, false);
    },

    refused(ask) {
      showState(ask, false);
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
