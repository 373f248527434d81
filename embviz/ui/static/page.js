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

  // What a question shows is named in the address, so that a reload or a link finds it again. Longer
  // than this, an address works in some places and not in others; then it is kept in the tab of the
  // browser, for a reload, and cannot be shared.
  const LONGEST = 4_000;
  const KEPT = "embviz-kept";

  // What an address says of the page itself, and not of what it shows.
  const OF_THE_PAGE = ["__theme", "embed", "language"];

  // The address of what a question shows: all that differs from how the page opens.
  function addressOf(question, values) {
    const { tab, inputs } = embviz.inputs[question];
    const url = new URL(location.origin + location.pathname);
    for (const name of OF_THE_PAGE) {
      const value = new URLSearchParams(location.search).get(name);
      if (value !== null) url.searchParams.set(name, value);
    }
    url.searchParams.set("tab", tab);
    url.searchParams.set("question", question);
    inputs.forEach(({ name, value, always }, i) => {
      if (values && (always || values[i] !== value)) url.searchParams.set(name, values[i]);
    });
    return withModel(url);
  }

  // The model that is asked is part of every address, unless it is the first.
  function withModel(url) {
    const { model } = document.querySelector("#model details").dataset;
    if (model) url.searchParams.set("model", model);
    else url.searchParams.delete("model");
    return url;
  }

  const shownSection = () =>
    [...document.querySelectorAll("#tabs .section")].find((section) => section.checkVisibility());

  // The addresses of the questions that were asked.
  const addresses = new Map();

  // Whether another model was chosen, and its answers are awaited.
  let isChoosing = false;

  // While what an address asks for is on its way: the tabs that were clicked since, and what the next
  // address asks for, if another was opened.
  let opening = null;
  let callServer;

  function open(search) {
    if (opening) {
      // Gradio would leave this call out.
      opening = { clicked: [], next: search };
      return;
    }
    opening = { clicked: [] };
    callServer(search);
  }

  // Name in the address what a question shows; `change` is what to do with the browser's history.
  function show(question, change) {
    const url = addresses.get(question) ?? addressOf(question);
    const isShort = url.search.length <= LONGEST;
    const shown = isShort ? url : addressOf(question);
    try {
      if (isShort) sessionStorage.removeItem(KEPT);
      else sessionStorage.setItem(KEPT, JSON.stringify([shown.search, url.search]));
    } catch {
      // In another page's frame a browser may refuse; and there is an end to what it keeps.
    }
    history[shown.href === location.href ? "replaceState" : change](null, "", shown);
  }

  // What the address asks for, with what was too long for it.
  function wanted() {
    try {
      const [shown, search] = JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
      if (shown === location.search) return search;
    } catch {
      // As above.
    }
    return location.search;
  }

  // One place speaks to those who listen: what Gradio says of its own is "Loading" and raw keys.
  const say = (words) => (document.querySelector("#header .listen").textContent = words);

  // Show why there is no answer beside the input that the sentence is about.
  function showRefusal(section, refusal) {
    const sentence = refusal.textContent;
    if (section.checkVisibility()) say(sentence);
    const label = [...section.querySelectorAll("label")].find(
      (label) => label.querySelector("span")?.textContent.trim() === refusal.dataset.refused,
    );
    const field = label?.querySelector("textarea, input");
    const place = document.createElement("p");
    place.className = "refusal";
    place.id = `${section.id}-refusal`;
    place.textContent = sentence;
    if (label) label.after(place);
    else section.querySelector(".inputs").append(place);
    field?.setAttribute("aria-invalid", "true");
    field?.setAttribute("aria-describedby", place.id);
  }

  function clearRefusal(section) {
    section?.querySelector(".refusal")?.remove();
    const field = section?.querySelector("[aria-invalid]");
    field?.removeAttribute("aria-invalid");
    field?.removeAttribute("aria-describedby");
  }

  // What Plotly leaves out: figures are read out by their summary and not number by number.
  function nameFigures() {
    for (const plot of document.querySelectorAll(".figure .js-plotly-plot")) {
      const words = plot.closest(".closer, .answer")?.querySelector(".reading")?.textContent ?? "";
      // A map has buttons of its own, which a picture would hide.
      const role = plot.layout?.meta?.map ? "group" : "img";
      if (plot.ariaLabel === words && plot.role === role) continue;
      plot.role = role;
      plot.ariaLabel = words;
    }
    // Plotly names its gradients and frames by the address of the page, where they are not found any
    // more once that has changed. By their own names they are.
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
      if (!plot._context?._baseUrl) continue;
      plot._context._baseUrl = "";
      for (const part of plot.querySelectorAll('[clip-path], [style*="url("]')) {
        for (const name of ["clip-path", "style"]) {
          const value = part.getAttribute(name);
          if (value) part.setAttribute(name, value.replace(/url\((["']?)[^#)]*#/g, "url($1#"));
        }
      }
    }
  }

  // What Gradio leaves out: names for groups, and silence of its own announcements.
  function name() {
    for (const group of document.querySelectorAll("fieldset.block:not([aria-label])")) {
      group.ariaLabel = group.querySelector("[data-testid=block-info]")?.textContent.trim() ?? "";
    }
    // What scrolls sideways can be scrolled with the keyboard, too.
    for (const figure of document.querySelectorAll(".figure")) {
      const scrolls = figure.scrollWidth > figure.clientWidth + 1;
      if (scrolls === (figure.tabIndex === 0)) continue;
      figure.tabIndex = scrolls ? 0 : -1;
      figure.role = scrolls ? "group" : null;
      figure.ariaLabel = scrolls ? gettext("Figure, which scrolls sideways") : null;
    }
    // Where an answer is announced, also the seconds that it took would be.
    const gradios = ".sr-only[role=status], [role=status] [data-testid=status-tracker]";
    for (const own of document.querySelectorAll(gradios)) own.ariaHidden = "true";
    // The signs in the footer repeat the words beside them.
    for (const sign of document.querySelectorAll("footer img")) sign.alt = "";
  }
  // Some first answers take long, so they are asked for when their place comes near.
  const unasked = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const section = target.closest(".section");
        if (isIntersecting && section && !section.dataset.stale) {
          section.querySelector(".inputs button.primary").click();
        }
      }
    },
    { rootMargin: "2000px 0px" },
  );

  // While an answer is on its way, the seconds that pass change the page at each frame. What need not
  // be there at once waits until nothing else is to do.
  const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, 100));
  let isNaming = false;
  let isWaiting = false;
  new MutationObserver(() => {
    if (!isNaming) {
      isNaming = true;
      requestAnimationFrame(() => {
        isNaming = false;
        nameFigures();
      });
    }
    if (isWaiting) return;
    isWaiting = true;
    whenIdle(
      () => {
        isWaiting = false;
        name();
        for (const place of document.querySelectorAll("[data-unasked]")) unasked.observe(place);
      },
      { timeout: 500 },
    );
  }).observe(document, { childList: true, subtree: true });

  // An iframe as high as what is in it, which says so when it changes. The backslash keeps the code
  // from ending the script that this file is served in.
  function embedCode(url) {
    url.searchParams.set("embed", "1");
    const src = url.href.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    return `<iframe src="${src}" title="${document.title.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}" width="100%" height="640" style="border: 0" allow="clipboard-write"></iframe>
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
        // What Canvas listens to, and learning platforms that took it over.
        window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
      }
    }, 200);
  }

  document.addEventListener("input", (event) => {
    const section = event.target.closest?.(".section");
    if (!section || !event.target.matches("textarea, input[type=text]")) return;
    edited.add(`#${section.id}`);
    if (event.target.matches("[aria-invalid]")) clearRefusal(section);
    setStale(`#${section.id}`, "edited");
  });

  // Of a group one control is reached with the Tab key, and from it the others with the arrow keys.
  const GROUPS = [
    ["fieldset", "[type=radio]"],
    ["[role=tablist]", "[role=tab]"],
    ["tbody", "tr[data-text-a] button"],
    [".gallery", ".gallery-item"],
  ];
  const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  function groupOf(control) {
    for (const [group, member] of GROUPS) {
      if (control.matches?.(member) && control.closest(group)) {
        return [...control.closest(group).querySelectorAll(member)].filter((other) =>
          (other.closest("label") ?? other).checkVisibility(),
        );
      }
    }
    return null;
  }

  document.addEventListener("focusin", ({ target }) => {
    for (const other of groupOf(target) ?? []) other.tabIndex = other === target ? 0 : -1;
  });

  document.addEventListener("keydown", (event) => {
    const group = groupOf(event.target);
    const move = MOVES[event.key];
    if (!group || !move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = group[(group.indexOf(event.target) + move + group.length) % group.length];
    next.focus();
    // A row of a table or an example asks; there, Enter says so.
    if (next.matches("[type=radio], [role=tab]")) next.click();
  }, true);

  // Copy a prompt; where the browser may not, select it.
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.(".copy-quoted");
    if (!button) return;
    const prompt = button.parentElement.previousElementSibling;
    const say = (words) => (button.nextElementSibling.textContent = words);
    const select = () => {
      getSelection().selectAllChildren(prompt);
      say(gettext("It is selected: copy it."));
    };
    const said = () => say(gettext("Copied."));
    navigator.clipboard?.writeText(prompt.textContent).then(said, select) ?? select();
  });

  // On a phone, what a panel shows begins below a long list of panels, where nobody would see it.
  const PHONE = matchMedia("(max-width: 640px)");

  function bringIntoSight(closer) {
    const { top } = closer.getBoundingClientRect();
    if (PHONE.matches && closer.textContent.trim() && top > innerHeight - 120) {
      closer.scrollIntoView({ block: "start" });
    }
  }

  return {
    asked(part, values) {
      edited.delete(part);
      clearRefusal(document.querySelector(part));
      setStale(part, "awaited");
      return values;
    },

    // A question is answered with these values of its inputs, or the panel in it.
    answered(part, question, values) {
      const element = document.querySelector(part);
      const refusal = element.querySelector("[data-refused]");
      if (refusal && question) {
        setStale(part, edited.has(part) ? "edited" : "refused");
        showRefusal(element, refusal);
        return;
      }
      setStale(part, edited.has(part) ? "edited" : null);
      say(element.querySelector(".reading")?.textContent ?? "");
      if (element.matches(".closer")) bringIntoSight(element);
      element.dispatchEvent(new CustomEvent("embviz:answered", { bubbles: true }));
      if (!values || edited.has(`#${question}`)) return;
      addresses.set(question, addressOf(question, values));
      // The address is about what is shown, which may be another question by now.
      if (shownSection()?.id === question) show(question, "replaceState");
    },

    // All that the address asked for is there, or the model that was chosen; or it cannot be had.
    opened() {
      const { clicked, next } = opening;
      opening = null;
      if (next !== undefined) {
        open(next);
        return;
      }
      // The answer has opened the tab of its question, where nobody wants to be any more.
      for (const tab of clicked) tab.click();
      if (isChoosing) {
        isChoosing = false;
        for (const question of addresses.keys()) withModel(addresses.get(question));
        const shown = shownSection();
        if (shown) show(shown.id, "pushState");
        document.querySelector("#model summary").focus({ preventScroll: true });
        say(document.querySelector("#model summary").textContent);
      }
      edited.clear();
      for (const section of document.querySelectorAll(".section")) {
        clearRefusal(section);
        // Another model may have no answer to what stands there.
        const refusal = section.querySelector("[data-refused]");
        setStale(`#${section.id}`, refusal ? "refused" : null);
        if (refusal) showRefusal(section, refusal);
      }
    },

    refused(part) {
      setStale(part, edited.has(part) ? "edited" : "refused");
    },

    // Open what the address asks for, now and when one goes back: `call` has the server called.
    followAddress(call) {
      callServer = call;
      const search = wanted();
      const question = new URLSearchParams(search).get("question");
      if (question in embviz.inputs) addresses.set(question, new URL(search, location));
      const asks = [...new URLSearchParams(search).keys()];
      if (asks.some((name) => !OF_THE_PAGE.includes(name))) open(search);
      let leaving;
      window.addEventListener("popstate", () => {
        clearTimeout(leaving);
        open(wanted());
      });
      // Another tab or question is another place, from which one can go back.
      document.addEventListener("click", ({ target }) => {
        const tab = target.closest("#tabs [role=tab]");
        if (!tab) return;
        opening?.clicked.push(tab);
        leaving = setTimeout(() => {
          const shown = shownSection();
          if (shown) show(shown.id, "pushState");
        }, 50);
      });
      // So is another model, which is asked all that is on the page.
      document.addEventListener("click", (event) => {
        const link = event.target.closest?.("[data-choose-model]");
        if (!link || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        const question = shownSection()?.id ?? Object.keys(embviz.inputs)[0];
        for (const section of document.querySelectorAll(".section")) {
          setStale(`#${section.id}`, "awaited");
        }
        say(gettext("Loading {model}", { model: link.textContent }));
        isChoosing = true;
        const { tab } = embviz.inputs[question];
        open(`?${new URLSearchParams({ tab, question, model: link.dataset.chooseModel })}`);
      });
    },

    // Copy a link to what a question shows, or the code that embeds it in another page.
    share(kind, question, values) {
      const section = document.getElementById(question);
      const message = section.querySelector(".saved");
      const box = section.querySelector(".copied");
      const say = (words) => (message.textContent = words);
      const url = addressOf(question, values);
      url.searchParams.delete("__theme");
      url.searchParams.delete("embed");
      box.hidden = url.href.length > LONGEST;
      if (box.hidden) {
        const characters = url.href.length.toLocaleString("en");
        say(
          gettext(
            "The link would have {characters} characters, too many for some programs. " +
              "Use fewer texts, or make them the built-in texts of your own copy of this app.",
            { characters },
          ),
        );
        return;
      }
      const text = kind === "link" ? url.href : embedCode(url);
      box.value = text;
      box.select();
      // A page that frames this one may keep it from writing to the clipboard.
      navigator.clipboard?.writeText(text).then(
        () => say(gettext("Copied:")),
        () => say(gettext("Copy this:")),
      ) ?? say(gettext("Copy this:"));
    },

    // Read the file that is chosen, or other columns of it, and ask with it: `send` has the server
    // called, which finds it in `embviz.file`. Of a file that is too large so much is sent that the
    // server says so.
    openFiles(place, maxBytes, send, props, watch) {
      let file;
      let last;
      let chosenSoFar = 0;
      const dropColumns = () => {
        place.querySelector(".columns")?.remove();
        // Gradio draws only what differs from the value it knows.
        props.value = place.innerHTML;
      };
      place.addEventListener("change", ({ target }) => {
        last = target.name;
        if (target.localName === "select") {
          const [column, second] = [...place.querySelectorAll("select")].map(({ value }) => value);
          this.file = { ...file, column, second: second || null };
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
        // Gradio changes the options and leaves chosen what stands at the same place.
        for (const option of place.querySelectorAll("option[selected]")) option.selected = true;
        // What had the focus may be gone, or drawn anew.
        if (document.activeElement === document.body) {
          const field = columns?.isConnected ? `[name="${last}"]` : "input";
          place.querySelector(field).focus({ preventScroll: true });
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
      // A heat map may be drawn anew, so the listener is attached when the pointer comes near.
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
