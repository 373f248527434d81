// What the page does without the server. The ids and class names are those of asks.py.

window.embviz = (() => {
  // Names of the asks whose inputs were edited after they were last sent.
  const edited = new Set();

  // Typing makes the answer beside it old; page.css veils it until a new one arrives.
  document.addEventListener("input", (event) => {
    const ask = event.target.closest?.(".ask");
    if (!ask || !event.target.matches("textarea, input[type=text]")) return;
    edited.add(ask.id);
    ask.toggleAttribute("data-stale", true);
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
      return values;
    },

    answered(ask) {
      if (!edited.has(ask)) document.getElementById(ask).toggleAttribute("data-stale", false);
    },

    // Compare a pair when its cell in the heat map or its row in the table is clicked.
    pickPairs(table, send) {
      const pick = (textA, textB) => {
        send({ text_a: textA, text_b: textB });
        const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
        document
          .getElementById("comparison")
          .scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
      };
      table.addEventListener("click", (event) => {
        const row = event.target.closest("tr[data-text-a]");
        if (row) pick(row.dataset.textA, row.dataset.textB);
      });
      // Gradio draws each figure anew, so the listener is attached when the pointer comes near.
      document.getElementById("matrix").addEventListener("pointerover", (event) => {
        const plot = event.target.closest(".js-plotly-plot");
        if (!plot || plot.isPickable) return;
        plot.isPickable = true;
        plot.on("plotly_click", ({ points: [cell] }) => {
          const { texts } = plot.layout.meta;
          pick(texts[cell.y], texts[cell.x]);
        });
      });
    },
  };
})();
