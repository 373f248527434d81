// What visitors take away of an answer: its tables, its vectors, its figure. The ids and class names are
// those of section.py.

Object.assign(
  window.embviz,
  (() => {
    // Gradio keeps Plotly to itself, but the figure has a button that draws the picture.
    function savePicture(section) {
      const plot = section.querySelector(".answer .js-plotly-plot");
      if (!plot) return;
      Object.assign(plot._context.toImageButtonOptions, { filename: `embviz-${section.id}`, scale: 2 });
      plot.querySelector('.modebar-btn[data-title*="PNG" i]').click();
    }

    return {
      // Save what a button names: the picture is drawn here, the rest is made by the server.
      saveFiles(place, send) {
        place.addEventListener("click", ({ target }) => {
          this.wanted = target.closest("button")?.dataset.kind;
          if (this.wanted === "picture") savePicture(target.closest(".section"));
          else if (this.wanted) send();
        });
      },

      // Get a file from the server, made of the values of the inputs.
      async save(section, values) {
        const kind = this.wanted;
        const message = document.querySelector(`#${section} .save [role=status]`);
        message.textContent = "";
        try {
          const response = await fetch(`${window.gradio_config.root}/save/${section}`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ data: [kind, ...values] }),
          });
          if (!response.ok) {
            message.textContent = (await response.json()).error;
            return;
          }
          const link = document.createElement("a");
          link.href = URL.createObjectURL(await response.blob());
          link.download = `embviz-${section}-${kind}.${kind === "figure" ? "html" : "csv"}`;
          link.click();
          setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
        } catch {
          message.textContent = "The file did not arrive: please try again.";
        }
      },
    };
  })(),
);
