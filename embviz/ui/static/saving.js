// What visitors take away of an answer: its tables, its vectors, its figure. The ids and class names are
// those of section.py.

Object.assign(
  window.embviz,
  (() => {
    const FAMILY = "Source Sans Pro";
    const FONT = `"${FAMILY}", system-ui, sans-serif`;
    // Pixels of a picture for one of the page.
    const SCALE = 2;

    // What stands in the open panel, or what stands in the answer without it.
    function find(section, ofPanel, selector) {
      const found = [...section.querySelectorAll(`.answer ${selector}`)];
      return found.find((element) => Boolean(element.closest(".closer")) === ofPanel);
    }

    // The page's font, as a picture can carry it: of what is outside, a picture loads nothing. With another
    // font, letters would be wider than the room that Plotly left them.
    let font;
    async function loadFont() {
      const rules = [...document.styleSheets].flatMap((sheet) => {
        try {
          return [...sheet.cssRules];
        } catch {
          return [];
        }
      });
      const rule = rules.find(
        ({ style, constructor }) =>
          constructor === CSSFontFaceRule &&
          style.getPropertyValue("font-family").includes(FAMILY) &&
          style.getPropertyValue("font-weight") === "400",
      );
      const [, address] = rule?.style.getPropertyValue("src").match(/url\("?([^")]+)/) ?? [];
      if (!address) return "";
      const base = rule.parentStyleSheet.href ?? document.baseURI;
      const blob = await (await fetch(new URL(address, base))).blob();
      const data = await new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.readAsDataURL(blob);
      });
      return `@font-face { font-family: "${FAMILY}"; src: url(${data}); }`;
    }

    // The picture of a figure, made of what Plotly drew: its own picture lacks the font, and is saved
    // before one can write on it.
    async function drawFigure(plot) {
      font ??= loadFont().catch(() => "");
      const { width, height } = plot._fullLayout;
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("width", width * SCALE);
      svg.setAttribute("height", height * SCALE);
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
      // Where Plotly keeps lines as thin as they are, they would stay so in a larger picture.
      style.textContent = `${await font} * { vector-effect: none !important; }`;
      const layers = [...plot.querySelectorAll(".main-svg")].map((layer) => layer.cloneNode(true));
      svg.append(style, ...layers);
      for (const hover of svg.querySelectorAll(".hoverlayer")) hover.remove();
      // Plotly names its gradients and frames by the address of the page, which is not that of a picture.
      const text = new XMLSerializer()
        .serializeToString(svg)
        .replace(/url\((&quot;|'|)[^#)]*#/g, "url($1#");
      const image = new Image();
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
      await image.decode();
      return image;
    }

    // Cut a text into lines no wider than given. What is set apart from the text around it by Unicode's
    // isolates, since it runs from right to left, stays so on both sides of a cut.
    function wrap(pen, text, width) {
      const lines = [];
      let line = "";
      const fits = (words) => pen.measureText(words).width <= width;
      const cut = () => {
        const open = (line.match(/[\u2066-\u2068]/g) ?? []).length - (line.match(/\u2069/g) ?? []).length;
        lines.push(line.trimEnd() + "\u2069".repeat(Math.max(open, 0)));
        line = "\u2068".repeat(Math.max(open, 0));
      };
      const letters = (word) =>
        Intl.Segmenter ? [...new Intl.Segmenter().segment(word)].map(({ segment }) => segment) : [...word];
      for (const word of text.trim().split(/(?<=\s)/)) {
        if (fits(line + word.trimEnd())) {
          line += word;
          continue;
        }
        if (/[^\s\u2066-\u2069]/.test(line)) cut();
        // A word that no line holds, as are all texts of scripts without spaces.
        for (const part of fits(line + word.trimEnd()) ? [word] : letters(word)) {
          if (!fits(line + part.trimEnd())) cut();
          line += part;
        }
      }
      if (line.trim()) lines.push(line);
      return lines;
    }

    // Draw texts above and below a picture, on white, as the picture's own letters are dark.
    function compose(picture, above, below) {
      const margin = 16 * SCALE;
      const width = picture.width + 2 * margin;
      const canvas = document.createElement("canvas");
      const pen = canvas.getContext("2d");
      const write = ({ text, size, weight = 400, colour = "black" }) => {
        const font = `${weight} ${size * SCALE}px ${FONT}`;
        pen.font = font;
        const height = Math.round(1.4 * size * SCALE);
        return wrap(pen, text, picture.width).map((line) => ({ line, font, colour, height }));
      };
      const head = above.flatMap(write);
      const foot = below.flatMap(write);
      const total = (lines) => lines.reduce((sum, { height }) => sum + height, 0);
      canvas.width = width;
      canvas.height = total(head) + picture.height + total(foot) + 4 * margin;
      pen.fillStyle = "white";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.textBaseline = "middle";
      pen.direction = "ltr";
      pen.textAlign = "left";
      let top = margin;
      const print = ({ line, font, colour, height }) => {
        pen.font = font;
        pen.fillStyle = colour;
        pen.fillText(line, margin, top + height / 2);
        top += height;
      };
      head.forEach(print);
      pen.drawImage(picture, margin, (top += margin));
      top += picture.height + margin;
      foot.forEach(print);
      return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    }

    const address = () => location.origin + location.pathname;

    async function makePicture(section, { ofPanel, source }) {
      const picture = await drawFigure(find(section, ofPanel, ".js-plotly-plot"));
      await Promise.all([400, 700].map((weight) => document.fonts.load(`${weight} 16px ${FONT}`)));
      const numbers = [...(find(section, ofPanel, ".numbers")?.children ?? [])];
      const title = find(section, ofPanel, ".reading")?.textContent ?? "";
      return compose(
        picture,
        [
          { text: title, size: ofPanel ? 16 : 18, weight: ofPanel ? 400 : 700 },
          {
            text: numbers.map(({ children: [name, number] }) => `${name.textContent} ${number.textContent}`).join(" · "),
            size: 16,
          },
        ],
        [{ text: `${source} · ${address()}`, size: 13, colour: "#555" }],
      );
    }

    function keep(blob, name) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    }

    // Printed is what the screen shows: of a tab the section that fills most of it, each figure as wide as
    // a page of A4 at the most.
    function preparePrint() {
      const sections = [...document.querySelectorAll(".section")].filter((s) => s.checkVisibility());
      const shown = (section) => {
        const { top, bottom } = section.getBoundingClientRect();
        return Math.min(bottom, innerHeight) - Math.max(top, 0);
      };
      const printed = sections.reduce((best, s) => (best && shown(best) >= shown(s) ? best : s), null);
      for (const section of sections) {
        section.classList.toggle("not-printed", section !== printed);
        // A section that is not the first of its tab has a heading of its own.
        const heading = section.previousElementSibling?.querySelector(":scope h2");
        heading?.classList.toggle("not-printed", section !== printed);
      }
      // With a box to fit into, a drawing is as wide as the paper.
      for (const layer of document.querySelectorAll(".js-plotly-plot .main-svg")) {
        const { width, height } = layer.closest(".js-plotly-plot")._fullLayout;
        layer.setAttribute("viewBox", `0 0 ${width} ${height}`);
        layer.closest(".svg-container").style.setProperty("--shape", `${width} / ${height}`);
      }
    }

    // On the screen a figure that is drawn anew has no such box.
    function endPrint() {
      for (const layer of document.querySelectorAll(".js-plotly-plot .main-svg")) {
        layer.removeAttribute("viewBox");
        layer.closest(".svg-container").style.removeProperty("--shape");
      }
    }

    addEventListener("beforeprint", preparePrint);
    addEventListener("afterprint", endPrint);

    // What a section has saved last was named by a click; the values of the inputs come afterwards.
    let wanted;

    return {
      // Save what a button names: the picture is drawn here, the rest is made by the server.
      saveFiles(place, send) {
        const ofPanel = Boolean(place.closest(".closer"));
        const section = place.closest(".section");
        const button = place.querySelector('[data-kind="table"]');
        // Which rows the file has is known from the table that is shown.
        const label = () => {
          const rows = find(section, ofPanel, ".table")?.dataset.inFile;
          const words = rows ? gettext("table, {rows} (CSV)", { rows }) : gettext("table (CSV)");
          if (button.textContent !== words) button.textContent = words;
        };
        new MutationObserver(label).observe(section.querySelector(".answer"), {
          childList: true,
          subtree: true,
        });
        label();
        place.addEventListener("click", ({ target }) => {
          const kind = target.closest("button")?.dataset.kind;
          if (!kind) return;
          const { source } = document.querySelector("#model details").dataset;
          wanted = { kind, ofPanel, source, message: place.querySelector("[role=status]") };
          send();
        });
      },

      // Make a file of what was wanted. The last of the values are the panel that is open, and the
      // model.
      async save(id, values) {
        const { kind, ofPanel, message } = wanted;
        if (kind === "link" || kind === "embed") return this.share(kind, id, values);
        const section = document.getElementById(id);
        const inputs = [...values.slice(0, -2), values.at(-1)];
        const panel = ofPanel ? [values.at(-2)] : [];
        const name = ["embviz", id, ...panel].join("-");
        message.textContent = "";
        message.nextElementSibling.hidden = true;
        try {
          if (kind === "picture") {
            keep(await makePicture(section, wanted), `${name}.png`);
            return;
          }
          const row = ofPanel && find(section, true, ".of-row")?.dataset;
          const texts = row ? [row.textA, row.textB] : [];
          const response = await fetch(`${window.gradio_config.root}/save/${id}`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ data: [kind, ...inputs, ...panel, ...texts] }),
          });
          if (!response.ok) {
            message.textContent = (await response.json()).error;
          } else if (kind === "figure") {
            // The server does not know by which address it is called.
            const place = address().replaceAll("&", "&amp;").replaceAll("<", "&lt;");
            const page = (await response.text()).replace("</footer>", () => ` · ${place}</footer>`);
            keep(new Blob([page], { type: "text/html" }), `${name}-figure.html`);
          } else {
            keep(await response.blob(), `${name}-${kind}.csv`);
          }
        } catch {
          message.textContent = gettext("The file did not arrive: please try again.");
        }
      },
    };
  })(),
);
