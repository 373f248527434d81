// Figures. Gradio would draw each of them in a new place, with a Plotly of an older version and three
// times the size; here a new figure takes the place of one of its kind, and what stays is not drawn anew.

Object.assign(
  window.embviz,
  (() => {
    let loaded;

    // Figures whose layouts carry the same facts can take each other's place; a map that was zoomed
    // is drawn anew.
    const kindOf = ({ meta }) => Object.keys(meta ?? {}).sort().join();
    const isAlike = (one, other) => !one.meta?.map && kindOf(one) === kindOf(other);

    async function draw(frame, { data, layout }) {
      const Plotly = await loaded;
      let plot = frame.firstElementChild;
      if (plot && !isAlike(plot.layout, layout)) {
        clear(frame);
        plot = null;
      }
      if (!plot) {
        plot = document.createElement("div");
        frame.replaceChildren(plot);
        fitWidth(Plotly, plot);
      }
      await Plotly.react(plot, data, { ...layout, autosize: true }, { displaylogo: false });
    }

    // A figure has the width of its place, also where the window was resized while its tab was hidden.
    const observers = new WeakMap();
    function fitWidth(Plotly, plot) {
      const observer = new ResizeObserver(([{ contentRect }]) => {
        const drawn = plot._fullLayout?.width;
        if (drawn && contentRect.width && Math.abs(drawn - contentRect.width) >= 1) {
          Plotly.Plots.resize(plot);
        }
      });
      observer.observe(plot);
      observers.set(plot, observer);
    }

    function clear(frame) {
      const plot = frame.firstElementChild;
      if (!plot) return;
      observers.get(plot).disconnect();
      window.Plotly.purge(plot);
      plot.remove();
    }

    return {
      // Fetch Plotly, while Gradio builds the page.
      loadPlotly(file) {
        // In a page that embeds the app with Gradio's own tag, that names where the app is.
        const root = window.gradio_config?.root ?? document.querySelector("gradio-app")?.getAttribute("src") ?? "";
        loaded = new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = `${root.replace(/\/$/, "")}/${file}`;
          script.onload = () => resolve(window.Plotly);
          script.onerror = reject;
          document.head.append(script);
        });
      },

      // Show the figure that a component holds as JSON, whenever it holds another one.
      showFigure(element, props, watch) {
        const frame = element.querySelector(".figure");
        const place = element.closest(".block");
        let turn = Promise.resolve();
        const show = () => {
          const json = props.value;
          const figure = json && JSON.parse(json);
          place.hidden = !figure;
          // Reserve its height, so that nothing jumps when it is drawn.
          frame.style.minHeight = figure ? `${figure.layout.height}px` : "";
          turn = turn
            .then(() => {
              // Another may have come meanwhile.
              if (props.value !== json) return;
              return figure ? draw(frame, figure) : clear(frame);
            })
            .catch((error) => {
              console.error(error);
              clear(frame);
              frame.style.minHeight = "";
              frame.textContent = gettext("The figure could not be drawn: please reload the page.");
            });
        };
        watch("value", show);
        show();
      },
    };
  })(),
);
