// What the page does without the server. The ids and class names are those of section.py.

window.embviz = (() => {
  // Selectors of the sections whose inputs were edited after they were last sent.
  const edited = new Set();

  // Why a section, or the panel in it, does not show the answer to its inputs: they were "edited", a
  // new one is "awaited", or it was "refused". page.css says so instead of showing it, and nothing
  // in it can be used meanwhile: what is clicked there would be asked with other inputs than those
  // that the answer is about. A part is a CSS selector.
  function setStale(part, reason) {
    const element = document.querySelector(part);
    if (reason) element.dataset.stale = reason;
    else delete element.dataset.stale;
    (element.querySelector(".answer") ?? element).inert = Boolean(reason);
  }

  // An iframe as high as what is in it, which says so when it changes. The backslash keeps the code
  // from ending the script that this file is served in.
  function embedCode(url) {
    url.searchParams.set("embed", "1");
    const src = url.href.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    return `<iframe src="${src}" title="embviz" width="100%" height="900" style="border: 0" allow="clipboard-write"></iframe>
<script>
addEventListener("message", ({ source, data }) => {
  const height = Number(data?.embvizHeight);
  for (const frame of document.querySelectorAll("iframe"))
    if (height > 0 && frame.contentWindow === source) frame.height = height;
});
<\/script>`;
  }

  // Embedded, the page shows one tab without what is around it, and tells its height.
  if (new URLSearchParams(location.search).get("embed") === "1") {
    document.documentElement.classList.add("embedded");
    let told = 0;
    setInterval(() => {
      // What stands around the tab is never lower than the window, so it would not shrink again.
      // Nor does a tab that waits for a guess take the room it will need.
      const guessing = document.documentElement.classList.contains("guessing");
      const shown = [...document.querySelectorAll(guessing ? "#lesson" : "[role=tabpanel]")];
      const bottom = Math.max(0, ...shown.map((part) => part.getBoundingClientRect().bottom));
      const height = Math.ceil(bottom + window.scrollY + 16);
      if (bottom > 0 && height !== told && window.parent !== window) {
        told = height;
        window.parent.postMessage({ embvizHeight: height }, "*");
      }
    }, 200);
  }

  document.addEventListener("input", (event) => {
    const section = event.target.closest?.(".section");
    if (!section || !event.target.matches("textarea, input[type=text]")) return;
    edited.add(`#${section.id}`);
    setStale(`#${section.id}`, "edited");
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

    // Copy a link to what a tab shows, or the code that embeds it in another page. `names` says of
    // each input what it is called, and what it holds where a link does not name it.
    share([tab, kind, names], values) {
      const url = new URL(location.origin + location.pathname);
      url.searchParams.set("tab", tab);
      names.forEach(({ name, value, always }, i) => {
        if (always || values[i] !== value) url.searchParams.set(name, values[i]);
      });
      const text = kind === "link" ? url.href : embedCode(url);
      const place = document.querySelector(`#share-${tab} .share`);
      const [message, box] = place.children;
      place.hidden = false;
      box.value = text;
      box.select();
      const say = (words) => (message.textContent = words);
      // A page that frames this one may keep it from writing to the clipboard.
      navigator.clipboard?.writeText(text).then(
        () => say("Copied:"),
        () => say("Copy this:"),
      ) ?? say("Copy this:");
    },

    // Read the file that is chosen, or another column of it, and ask with it: `send` has the server
    // called, which finds it in `embviz.file`. Of a file that is too large so much is sent that the
    // server says so.
    openFiles(place, maxBytes, send, props, watch) {
      let file;
      let last;
      let chosenSoFar = 0;
      const dropColumns = () => {
        place.querySelector("label:has(select)")?.remove();
        // Gradio draws only what differs from the value it knows.
        props.value = place.innerHTML;
      };
      place.addEventListener("change", ({ target }) => {
        last = target.localName;
        if (last === "select") {
          this.file = { ...file, column: target.value };
          send();
          return;
        }
        const [chosen] = target.files;
        if (!chosen) return;
        const number = ++chosenSoFar;
        // Whatever becomes of the new file, they are those of another one.
        dropColumns();
        const reader = new FileReader();
        reader.onload = () => {
          file = { name: chosen.name, number, content: reader.result.split(",")[1] ?? "" };
          this.file = file;
          send();
        };
        reader.readAsDataURL(chosen.slice(0, maxBytes + 1));
        // The same file can be chosen again once it is mended.
        reader.onloadend = () => (target.value = "");
      });
      watch("value", () => {
        // Columns that were still on their way when another file was chosen.
        const columns = place.querySelector("select");
        if (columns && columns.dataset.file !== String(chosenSoFar)) dropColumns();
        // What had the focus may be gone, or drawn anew.
        if (document.activeElement === document.body) {
          place.querySelector(columns?.isConnected ? last : "input").focus({ preventScroll: true });
        }
      });
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
          .getElementById("texts")
          .scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
      };
      this.pickRows(table, compare);
      // Gradio draws each figure anew, so the listener is attached when the pointer comes near.
      document.getElementById("list").addEventListener("pointerover", (event) => {
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
