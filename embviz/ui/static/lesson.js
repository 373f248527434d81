// The guided lesson in the browser: which step is open, what was guessed, what is done. The class
// names are those of lesson_markup.py.

window.lesson = (() => {
  const KEY = "embviz-lesson";
  const html = document.documentElement;
  let element, send, sections;
  let current = 0; // the step that is open, from 0
  let asked = null; // the step whose answer is shown, or on its way
  let sent = null; // the step whose answer was last asked for

  // What was guessed, what is done and which tasks are, by the key of the step, so that another
  // lesson at the same address finds none of it. It is kept in the browser alone.
  const nothing = () => ({ current: 0, guesses: {}, done: {}, answers: {}, tasks: {} });
  let progress = nothing();

  function load() {
    try {
      progress = { ...progress, ...JSON.parse(localStorage.getItem(KEY)) };
    } catch {
      // In another page's frame a browser may refuse to keep anything: so it lasts as long as the page.
    }
  }

  function save() {
    progress.current = current;
    try {
      localStorage.setItem(KEY, JSON.stringify(progress));
    } catch {
      // As above.
    }
  }

  const find = (selector) => element.querySelector(selector);
  // By this a step is known in what is kept; it is the same in every language.
  const key = (section) => section.dataset.key;
  const title = (section) => section.querySelector("h2").textContent;
  const isRecap = () => current === sections.length;
  const guessed = () => progress.guesses[key(sections[current])];
  const say = (words) => (find("[role=status]").textContent = words);

  function format(slider, value) {
    // With a minus, as everywhere on the page.
    const number = Number(value).toFixed(slider.dataset.decimals).replace("-", "−");
    return number + slider.dataset.unit;
  }

  // Fill in the guess of a step, or empty it.
  function fillIn(section) {
    const guess = progress.guesses[key(section)];
    const slider = section.querySelector("[type=range]");
    for (const radio of section.querySelectorAll("[type=radio]")) radio.checked = radio.value === guess;
    if (!slider) return;
    section.querySelector(".guess").classList.toggle("untouched", guess === undefined);
    slider.value = guess ?? (Number(slider.min) + Number(slider.max)) / 2;
    section.querySelector("output").textContent = guess === undefined ? "" : format(slider, guess);
  }

  // Until the answer is asked for, the tabs are out of sight: they may show it.
  function draw() {
    const open = find("details").open;
    const answering = open && asked === current;
    html.classList.toggle("in-lesson", open);
    html.classList.toggle("guessing", open && !answering);
    html.classList.toggle("of-panel", answering && "panel" in sections[current].dataset);
    html.classList.remove("trying");
    document.getElementById("guided").toggleAttribute("data-answering", answering);
    const dots = element.querySelectorAll(".step-list button");
    sections.forEach((section, n) => {
      section.hidden = n !== current;
      dots[n].ariaCurrent = n === current ? "step" : null;
    });
    drawProgress();
    find(".back").disabled = current === 0;
    find(".next").disabled = isRecap();
    find(".reveal").hidden = answering || isRecap();
    find(".restart").hidden = count("done") === 0;
    find(".recap").hidden = !isRecap();
    if (isRecap()) {
      drawRecap();
      drawCode();
      drawLeft();
    }
    say("");
    const link = new URL(location.origin + location.pathname);
    link.searchParams.set("step", Math.min(current + 1, sections.length));
    find(".step-buttons a").href = link;
    follow(open);
  }

  const count = (what) => sections.filter((section) => progress[what][key(section)]).length;

  function nameStep(step, done, made) {
    if (done && made) return gettext("{title}, done, task done", step);
    if (done) return gettext("{title}, done", step);
    return made ? gettext("{title}, task done", step) : step.title;
  }

  // How far one is: on the button that opens the lesson, and above the steps.
  function drawProgress() {
    const dots = element.querySelectorAll(".step-list button");
    sections.forEach((section, n) => {
      const [done, made] = ["done", "tasks"].map((what) => Boolean(progress[what][key(section)]));
      dots[n].classList.toggle("done", done);
      dots[n].classList.toggle("made", made);
      dots[n].ariaLabel = nameStep({ title: title(section) }, done, made);
    });
    const tasks = sections.filter(({ dataset }) => dataset.task).length;
    const [done, made, steps] = [count("done"), count("tasks"), sections.length];
    const begun = current > 0 || done > 0;
    const words = tasks
      ? gettext("{done} of {steps} steps done, {made} of {tasks} tasks", { done, steps, made, tasks })
      : gettext("{done} of {steps} steps done", { done, steps });
    for (const place of element.querySelectorAll(".progress")) place.textContent = words;
    find(".start > .again").textContent = isRecap()
      ? gettext("Continue: your recap")
      : gettext("Continue: step {n} of {steps}", { n: current + 1, steps });
    for (const part of element.querySelectorAll(".fresh")) part.hidden = begun;
    for (const part of element.querySelectorAll(".again")) part.hidden = !begun;
  }

  const isMade = (section) => Boolean(progress.tasks[key(section)]);

  // Whether what a task asks for holds of a fact that the answer shows.
  function holds(fact, { above, below, is }) {
    const fold = (value) => (typeof value === "string" ? value.trim().toLowerCase() : value);
    if (fact === null || fact === undefined) return false;
    return (
      (above === undefined || fact > above) &&
      (below === undefined || fact < below) &&
      (is === undefined || fold(fact) === fold(is))
    );
  }

  // Mark the task of a step as done where its answer is explained, or say that it is not yet.
  function drawTask(section, words = "") {
    const task = document.querySelector("#explained .task");
    if (!task) return;
    const state = task.querySelector(".state");
    const made = isMade(section);
    task.classList.toggle("made", made);
    state.textContent = made ? state.dataset.done : words;
  }

  // Check the task of the open step against the answer that has just arrived in its tab.
  function checkTask(question) {
    const section = sections[current];
    const isTried = html.classList.contains("trying") && section?.dataset.question === question;
    if (!isTried || !section.dataset.check || isMade(section)) return;
    const shown = document.querySelector(`#${question} [data-facts]`);
    const facts = JSON.parse(shown.dataset.facts);
    const check = Object.entries(JSON.parse(section.dataset.check));
    if (check.every(([name, condition]) => holds(facts[name], condition))) {
      progress.tasks[key(section)] = true;
      save();
      drawProgress();
    }
    drawTask(section, gettext("Not yet. Try something else."));
    // page.js has just said the answer there.
    const listen = document.querySelector("#header .listen");
    const verdict = document.querySelector("#explained .task .state").textContent;
    const said = isMade(section)
      ? gettext("Task done: {verdict}", { verdict })
      : gettext("Task: {verdict}", { verdict });
    listen.textContent = `${said} ${listen.textContent}`;
  }

  // Name the open step in the address, so that a reload comes back to it.
  function follow(open) {
    const url = new URL(location.href);
    const before = url.search;
    if (open) url.searchParams.set("step", Math.min(current + 1, sections.length));
    else url.searchParams.delete("step");
    // The recap has no number of its own.
    const recap = open && isRecap();
    if (url.search !== before || recap !== Boolean(history.state?.recap)) {
      history.replaceState(recap ? { recap } : null, "", url);
    }
  }

  // What was guessed at each step, beside what was true.
  function drawRecap() {
    const body = find(".recap tbody");
    body.replaceChildren(
      ...sections.map((section, n) => {
        const guess = progress.guesses[key(section)];
        const slider = section.querySelector("[type=range]");
        const option = section.querySelectorAll("fieldset.guess label")[guess]?.textContent.trim();
        const said = guess === undefined ? "" : slider ? format(slider, guess) : option;
        const row = document.createElement("tr");
        const name = key(section).replace(/^Step (\d+) of \d+: /, "$1. ");
        for (const words of [name, said, progress.answers[key(section)] ?? ""]) {
          row.insertCell().textContent = words;
        }
        return row;
      }),
    );
  }

  // What can be guessed at a step.
  function scaleOf(section) {
    const slider = section.querySelector("[type=range]");
    if (slider) return codes.scale(...[slider.min, slider.max, slider.step].map(Number));
    return codes.scale(0, section.querySelectorAll("fieldset.guess input").length - 1, 1);
  }

  // All guesses as a code, for the page that shows a class its guesses.
  function drawCode() {
    const scales = sections.map(scaleOf);
    const guesses = sections.map((section, n) =>
      codes.indexOf(progress.guesses[key(section)], scales[n]),
    );
    const isEmpty = guesses.every((guess) => guess === null);
    find(".no-code").hidden = !isEmpty;
    find(".has-code").hidden = isEmpty;
    find(".qr").hidden = true;
    find(".code").textContent = codes.encode(guesses, scales, Number(find(".for-class").dataset.lesson));
    find(".to-class").href = `${window.gradio_config.root}/class`;
  }

  async function copyCode() {
    try {
      await navigator.clipboard.writeText(find(".code").textContent);
      say(gettext("The code is copied."));
    } catch {
      // In another page's frame a browser may refuse to copy.
      getSelection().selectAllChildren(find(".code"));
      say(gettext("The code is selected: copy it with Ctrl+C or ⌘C."));
    }
  }

  // The library is loaded for those alone who want to see it.
  async function showQr() {
    try {
      const { generate } = await import(`${window.gradio_config.root}/class/qr.mjs`);
      generate(find(".code").textContent).toCanvas(find(".qr"));
      find(".qr").hidden = false;
      say(gettext("The QR code stands below your code."));
    } catch {
      say(gettext("The QR code could not be loaded: copy the code instead."));
    }
  }

  // The tasks that are not done yet, each with the way to its step.
  function drawLeft() {
    const left = sections.filter((section) => section.dataset.task && !isMade(section));
    find(".left").hidden = left.length === 0;
    find(".left ul").replaceChildren(
      ...left.map((section) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = gettext("Step {n}", { n: sections.indexOf(section) + 1 });
        button.addEventListener("click", () => go(sections.indexOf(section)));
        item.append(button, ` ${section.dataset.task}`);
        return item;
      }),
    );
  }

  function go(step) {
    current = Math.min(Math.max(step, 0), sections.length);
    save();
    draw();
    // So that it is read out, and the next Tab key reaches the guess.
    (isRecap() ? find(".recap") : sections[current]).querySelector("h2").focus();
  }

  // The parts of the page that an answer fills: that below the step, and its question in the tab.
  const parts = () => ["#revealed", `#${sections[sent].dataset.question}`].filter((part) =>
    document.querySelector(part),
  );

  const isWide = () => matchMedia("(min-width: 900px)").matches;

  function scrollToStart(part) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    part.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }

  function reveal() {
    if (guessed() === undefined) {
      say(gettext("Guess first: move the slider or choose an answer."));
      return;
    }
    asked = sent = current;
    draw();
    for (const part of parts()) embviz.asked(part);
    send(current);
  }

  // Mark the guess in the answer that has arrived.
  function markGuess() {
    const revealed = document.querySelector("#revealed .revealed");
    const section = sections[Number(revealed.dataset.step)];
    const guess = progress.guesses[key(section)];
    // Started over meanwhile.
    if (guess === undefined) return;
    const slider = section.querySelector("[type=range]");
    const yours = revealed.querySelector(".yours");
    if (slider) {
      yours.textContent = gettext("You guessed {guess}.", { guess: format(slider, guess) });
      const scale = revealed.querySelector(".scale");
      const truth = Number(scale.dataset.truth);
      const at = (guess - slider.min) / (slider.max - slider.min);
      const dot = scale.querySelector(".guess");
      const gap = scale.querySelector(".gap");
      dot.style.left = `${100 * at}%`;
      gap.style.left = `${100 * Math.min(at, truth)}%`;
      gap.style.width = `${100 * Math.abs(at - truth)}%`;
      dot.hidden = gap.hidden = false;
    } else {
      const option = revealed.querySelectorAll(".options li")[guess];
      option.classList.add("guess");
      const said = option.textContent.trim();
      yours.textContent = option.classList.contains("truth")
        ? gettext("You guessed {guess}. Right:", { guess: said })
        : gettext("You guessed {guess}. Not quite:", { guess: said });
    }
    progress.done[key(section)] = true;
    progress.answers[key(section)] = revealed.dataset.answer;
  }

  // A guess of what is shown is one, too, also where nothing was moved.
  function guess(input) {
    // Another guess, once the answer is known, is none.
    if (asked !== current) progress.guesses[key(sections[current])] = input.value;
    fillIn(sections[current]);
    save();
  }

  function open(root, sendStep) {
    element = root;
    send = sendStep;
    sections = [...element.querySelectorAll("section[data-question]")];
    load();
    const wanted = Number(new URLSearchParams(location.search).get("step"));
    const isLinked = sections[wanted - 1] !== undefined;
    current = isLinked ? wanted - 1 : Math.min(progress.current, sections.length);
    if (isLinked && history.state?.recap) current = sections.length;
    sections.forEach(fillIn);
    document.getElementById("revealed").setAttribute("role", "status");
    html.classList.toggle("linked-step", isLinked);
    find("details").open = isLinked;
    draw();

    find("details").addEventListener("toggle", draw);
    find(".back").addEventListener("click", () => go(current - 1));
    find(".next").addEventListener("click", () => go(current + 1));
    find(".reveal").addEventListener("click", reveal);
    find(".restart").addEventListener("click", () => {
      progress = nothing();
      asked = null;
      sections.forEach(fillIn);
      go(0);
    });
    find(".copy").addEventListener("click", copyCode);
    find(".show-qr").addEventListener("click", showQr);
    find(".guess-again").addEventListener("click", () => {
      asked = null;
      go(0);
    });
    find(".leave").addEventListener("click", () => {
      find("details").open = false;
      // Now and not with the event, so that the tabs are there.
      draw();
      document.querySelector("#tabs [role=tab][aria-selected=true]").focus();
    });
    find(".print").addEventListener("click", () => print());
    document.addEventListener("embviz:answered", ({ target }) => {
      checkTask(target.id);
      // A scroll that began with the click may have been cut short by what was typed.
      if (html.classList.contains("trying") && isWide() && target.matches(".section")) {
        scrollToStart(document.getElementById("stage"));
      }
      // page.js is about to name the question in the address, and nothing else.
      if (find("details").open) setTimeout(() => follow(true));
    });
    find(".step-list").addEventListener("click", ({ target }) => {
      const step = [...element.querySelectorAll(".step-list button")].indexOf(target);
      if (step >= 0) go(step);
    });
    element.addEventListener("input", ({ target }) => guess(target));
    // Where the slider stands already nothing is put in.
    element.addEventListener("pointerup", ({ target }) => target.type === "range" && guess(target));
    element.addEventListener("keydown", ({ target, key }) => {
      if (target.type === "range" && ["Enter", " "].includes(key)) guess(target);
    });
    document.getElementById("explained").addEventListener("click", ({ target }) => {
      if (target.closest(".go-on")) go(current + 1);
      if (target.closest(".try")) {
        html.classList.add("trying");
        const section = document.getElementById(sections[current].dataset.question);
        scrollToStart(isWide() ? document.getElementById("stage") : section);
        section.querySelector("textarea").focus({ preventScroll: true });
      }
    });
  }

  // Scroll to a part; where the page is still too low for that, once more when it has grown.
  function showFromStart(part) {
    const isTooLow = () =>
      part.getBoundingClientRect().top + scrollY > document.documentElement.scrollHeight - innerHeight;
    scrollToStart(part);
    if (!isTooLow()) return;
    const growing = new ResizeObserver(() => {
      if (isTooLow()) return;
      growing.disconnect();
      scrollToStart(part);
    });
    growing.observe(document.getElementById("stage"));
    const stop = () => growing.disconnect();
    setTimeout(stop, 1_000);
    // Not any more once the visitor scrolls, clicks or types.
    for (const name of ["pointerdown", "keydown", "wheel"]) {
      document.addEventListener(name, stop, { once: true, capture: true });
    }
  }

  return {
    open,

    answered() {
      markGuess();
      // Another step may have been asked for meanwhile, and its answer is still to come.
      const step = Number(document.querySelector("#revealed .revealed").dataset.step);
      if (step === sent) for (const part of parts()) embviz.answered(part);
      save();
      draw();
      drawTask(sections[step]);
      showFromStart(document.getElementById(isWide() ? "stage" : "revealed"));
      document.querySelector("#explained .go-on").focus({ preventScroll: true });
    },

    refused() {
      for (const part of parts()) embviz.refused(part);
      asked = null;
      draw();
    },
  };
})();
