// The page /class: codes in, a figure for each step out. What was pasted stays here, and is shown as text
// only. The ids are those of class_page.py.

(() => {
  const { lesson, steps } = JSON.parse(document.getElementById("lesson").textContent);
  const scales = steps.map(({ slider, options }) =>
    slider
      ? codes.scale(slider.low, slider.high, slider.step)
      : codes.scale(0, options.length - 1, 1),
  );
  const read = codes.decoder(scales, lesson);
  const VOTES = { first: "First vote", second: "Second vote" };
  const PROBLEMS = {
    "no code": "is not a code",
    mistake: "has a mistake in it: a letter is wrong or missing",
    "other lesson": "belongs to another lesson, or to an older version of this one",
  };
  const MOST_BARS = 41;
  const MOST_SKIPPED = 20;
  // Milliseconds until the answers are asked for again: those on their way, or all without a connection.
  const [SOON, LATER] = [1_000, 5_000];

  // What is known of the answers: null while one is on its way.
  let truths = steps.map(() => null);

  const find = (id) => document.getElementById(id);

  function make(tag, { className = "", text, ...attributes } = {}, ...children) {
    const element = document.createElement(tag);
    element.className = className;
    if (text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const count = (n, thing) => `${n.toLocaleString("en")} ${thing}${n === 1 ? "" : "s"}`;
  const share = (n, all) => `${n} of ${all} (${Math.round((100 * n) / all)} %)`;

  // The codes of a vote, and the lines that are none.
  function readVote(id) {
    const vote = { name: VOTES[id], voters: [], skipped: [], repeated: 0 };
    const seen = new Set();
    find(id).value.split("\n").forEach((line, n) => {
      const text = line.trim();
      if (!text) return;
      const { guesses, problem } = read(text);
      if (problem) {
        vote.skipped.push({ line: n + 1, text, problem });
        return;
      }
      const same = guesses.join();
      if (seen.has(same)) vote.repeated += 1;
      seen.add(same);
      vote.voters.push(guesses);
    });
    return vote;
  }

  function drawRead(votes) {
    const said = votes
      .filter(({ voters, skipped }) => voters.length || skipped.length)
      .map(({ name, voters, repeated }) => {
        const same = repeated ? `, ${repeated.toLocaleString("en")} of them like one above` : "";
        return `${name}: ${count(voters.length, "code")}${same}.`;
      });
    const skipped = votes.flatMap((vote) => vote.skipped.map((one) => ({ ...one, name: vote.name })));
    if (skipped.length) said.push(`${count(skipped.length, "line")} skipped.`);
    // A screen reader reads it out only if it changes.
    const words = said.join(" ") || "Paste the codes: then the guesses are drawn here.";
    if (find("read").textContent !== words) find("read").textContent = words;
    const items = skipped.slice(0, MOST_SKIPPED).map(({ name, line, text, problem }) => {
      // Of what somebody pasted by mistake, the beginning is enough to find it again.
      const letters = [...text.slice(0, 100)];
      const start = letters.slice(0, 40).join("") + (letters.length > 40 ? "…" : "");
      const quoted = make("bdi", { text: `“${start}”` });
      return make("li", {}, `${name}, line ${line}: `, quoted, ` ${PROBLEMS[problem]}.`);
    });
    const left = skipped.length - items.length;
    if (left > 0) items.push(make("li", { text: `And ${count(left, "more line")}.` }));
    find("skipped").replaceChildren(...items);
  }

  // How often each guess of a step was made.
  function tally({ name, voters }, n) {
    const counts = new Array(scales[n].size).fill(0);
    for (const guesses of voters) if (guesses[n] !== null) counts[guesses[n]] += 1;
    return { name, counts, all: counts.reduce((sum, one) => sum + one, 0) };
  }

  // The guess in the middle, as a place on the scale; of two in the middle, what is between them.
  function median({ counts, all }) {
    const at = (rank) => {
      let below = 0;
      return counts.findIndex((one) => (below += one) > rank);
    };
    return (at(Math.floor((all - 1) / 2)) + at(Math.floor(all / 2))) / 2;
  }

  const minus = (text) => text.replace("-", "−");

  function formatGuess(place, n) {
    const { decimals, unit } = steps[n].slider;
    const digits = decimals + (Number.isInteger(place) ? 0 : 1);
    return minus(codes.value(place, scales[n]).toFixed(digits).replace(/^-(0\.?0*)$/, "$1") + unit);
  }

  const formatEnd = (value, { unit }) => minus(String(Number(value.toPrecision(6)))) + unit;

  // Several guesses share a bar where there are too many for one each: 5, 10, 20, 50 and so on.
  function barWidth(size) {
    for (let power = 1; ; power *= 10) {
      for (const width of [power, 2 * power, 5 * power]) if (size / width <= MOST_BARS) return width;
    }
  }

  // The guesses of each vote as bars on one scale, with the answer across.
  function drawNumbers(n, tallies, truth) {
    const { slider } = steps[n];
    const width = barWidth(scales[n].size);
    const bars = Math.ceil(scales[n].size / width);
    // Where a place on the scale lies; guesses stand in the middle of their bars.
    const left = (place) => (100 * Math.min(Math.max(place + 0.5, 0), bars * width)) / (bars * width);
    const placeOf = (value) => (value - slider.low) / slider.step;
    const binned = tallies.map(({ counts }) =>
      Array.from({ length: bars }, (_, bar) =>
        counts.slice(bar * width, (bar + 1) * width).reduce((sum, one) => sum + one, 0),
      ),
    );
    const highest = Math.max(...binned.flat());
    const nameBar = (bar) => {
      const last = Math.min((bar + 1) * width, scales[n].size) - 1;
      const first = formatGuess(bar * width, n);
      return bar * width === last ? first : `${first} to ${formatGuess(last, n)}`;
    };
    const rows = tallies.map(({ name, all }, vote) => {
      const drawn = binned[vote].map((one, bar) => ({ one, bar })).filter(({ one }) => one > 0);
      const listed = drawn.map(({ one, bar }) => `${nameBar(bar)}: ${one}`);
      const label = `${name}, how often each guess was made: ${listed.join(", ") || "none"}`;
      const row = make("div", { className: `bars vote-${vote}`, role: "img", "aria-label": label });
      for (const { one, bar } of drawn) {
        const mark = make("div", { className: "bar", title: `${nameBar(bar)}: ${one}` });
        mark.style.left = `${(100 * bar) / bars}%`;
        mark.style.width = `${100 / bars}%`;
        mark.style.height = `${(100 * one) / highest}%`;
        row.append(mark);
      }
      const middle = all ? `, median ${formatGuess(median(tallies[vote]), n)}` : "";
      return make(
        "div",
        { className: "row" },
        make("p", { className: "vote", text: `${name}: ${sayGuesses(all)}${middle}` }),
        row,
      );
    });
    const axis = make("div", { className: "axis", "aria-hidden": "true" });
    for (const value of [slider.low, (slider.low + slider.high) / 2, slider.high]) {
      const tick = make("span", { text: formatEnd(value, slider) });
      tick.style.left = `${left(placeOf(value))}%`;
      axis.append(tick);
    }
    const figure = make("div", { className: "numbers" }, ...rows, axis);
    if (truth?.value !== undefined) {
      const at = left(placeOf(truth.value));
      const line = make("div", { className: "answer-line" });
      line.style.left = `${at}%`;
      // The words stand where there is room for them.
      const name = make("p", { className: "answer-name" });
      name.textContent = at > 50 ? `answer ${truth.text} ▲` : `▲ answer ${truth.text}`;
      if (at > 50) name.style.marginRight = `calc(${100 - at}% - 0.45rem)`;
      else name.style.marginLeft = `calc(${at}% - 0.45rem)`;
      name.classList.toggle("at-end", at > 50);
      figure.append(make("div", { className: "lines" }, line), name);
    }
    const covers = width === 1 ? "A bar is one guess." : `A bar covers ${width} guesses side by side.`;
    const note = make("p", {
      className: "note",
      text: `${covers} The highest stands for ${count(highest, "student")}.`,
    });
    return [figure, note];
  }

  function sayNumbers(n, tallies, truth) {
    const voted = tallies.filter(({ all }) => all > 0);
    const [before, after] = [voted[0], voted.at(-1)];
    const places = [median(before), median(after)];
    const [from, to] = places.map((place) => formatGuess(place, n));
    if (voted.length === 1) {
      if (truth?.value === undefined) return `The median is ${from}.`;
      const at = (truth.value - steps[n].slider.low) / steps[n].slider.step;
      const lower = before.counts.reduce((sum, one, place) => sum + (place < at ? one : 0), 0);
      return `The median is ${from}; the answer is ${truth.text}. ${share(lower, before.all)} guessed less.`;
    }
    if (from === to) return `After talking the median is ${to}, as before.`;
    const moved = `After talking the median is ${to} instead of ${from}`;
    if (truth?.value === undefined) return `${moved}.`;
    const [was, is] = places.map((place) => Math.abs(codes.value(place, scales[n]) - truth.value));
    const way = is < was ? "closer to the answer" : is > was ? "further from the answer" : "as far from the answer as before";
    return `${moved}: ${way}, ${truth.text}.`;
  }

  // The options, each with a bar for each vote.
  function drawOptions(n, tallies, truth) {
    const most = Math.max(1, ...tallies.flatMap(({ counts }) => counts));
    const items = steps[n].options.map((option, place) => {
      const isTruth = truth?.text === option;
      const item = make("li", { className: isTruth ? "is-answer" : "" });
      item.append(make("p", { text: isTruth ? `✓ ${option} (the answer)` : option }));
      tallies.forEach(({ name, counts }, vote) => {
        const bar = make("span", { className: `bar vote-${vote}` });
        bar.style.width = `${(60 * counts[place]) / most}%`;
        const words = `${name}: ${counts[place]}`;
        item.append(make("div", { className: "option-row" }, bar, make("span", { text: words })));
      });
      return item;
    });
    const list = make("ul", { className: "options" }, ...items);
    const said = tallies.map(({ name, all }) => `${name}: ${sayGuesses(all)}`).join(". ");
    return [list, make("p", { className: "note", text: `${said}.` })];
  }

  function sayOptions(n, tallies, truth) {
    const voted = tallies.filter(({ all }) => all > 0);
    const last = voted.at(-1);
    if (truth?.text === undefined) {
      const most = Math.max(...last.counts);
      const chosen = steps[n].options.filter((_, place) => last.counts[place] === most);
      return `Most often chosen: ${chosen.join("; ")}, by ${share(most, last.all)}.`;
    }
    const right = steps[n].options.indexOf(truth.text);
    if (right < 0) return `The answer, ${truth.text}, is none of these.`;
    const [before, after] = [voted[0], last].map(({ counts, all }) => share(counts[right], all));
    const sentence = `${before} chose the answer, ${truth.text}.`;
    return voted.length === 1 ? sentence : `${sentence} After talking it was ${after}.`;
  }

  const sayGuesses = (n) => `${n.toLocaleString("en")} ${n === 1 ? "guess" : "guesses"}`;

  function drawStep(step, n, votes, isMarked) {
    const tallies = votes.map((vote) => tally(vote, n));
    const section = make(
      "section",
      { id: `step-${n + 1}` },
      make("h2", { text: `Step ${n + 1}: ${step.title}` }),
      make("p", { text: step.question }),
    );
    if (tallies.every(({ all }) => all === 0)) {
      section.append(make("p", { className: "note", text: "Nobody has guessed here." }));
      return section;
    }
    const truth = isMarked ? truths[n] : null;
    const [draw, say] = step.slider ? [drawNumbers, sayNumbers] : [drawOptions, sayOptions];
    section.append(make("p", { className: "sentence", text: say(n, tallies, truth) }));
    section.append(...draw(n, tallies, truth));
    if (isMarked && !truth) {
      section.append(make("p", { className: "note", text: "The answer is on its way." }));
    }
    if (truth?.refused) {
      const words = `There is no answer to mark. ${truth.refused}`;
      section.append(make("p", { className: "note", text: words }));
    }
    return section;
  }

  // A class talks about one step at a time, and rarely in their order.
  function linkSteps() {
    const links = steps.map((step, n) => make("a", { href: `#step-${n + 1}`, text: step.title }));
    const items = links.map((link) => make("li", {}, link));
    return make("nav", { "aria-label": "Steps", className: "not-printed" }, make("ol", {}, ...items));
  }

  function draw() {
    const votes = Object.keys(VOTES).map(readVote);
    drawRead(votes);
    const shown = votes.filter(({ voters }) => voters.length > 0);
    const isMarked = find("mark").checked;
    if (!shown.length) return find("steps").replaceChildren();
    find("steps").replaceChildren(
      linkSteps(),
      ...steps.map((step, n) => drawStep(step, n, shown, isMarked)),
    );
  }

  // Ask until all answers are there. Some take the server a while, when nobody has asked before.
  async function fetchTruths() {
    let wait = SOON;
    let words = "";
    try {
      const response = await fetch("class/truths", { cache: "no-store" });
      const known = await response.json();
      if (!response.ok) throw new Error(known.error);
      if (known.lesson !== lesson) {
        find("waiting").textContent = "The lesson has changed: load this page again.";
        return;
      }
      truths = truths.map((truth, n) => truth ?? known.truths[n]);
      const there = truths.filter(Boolean).length;
      if (there < truths.length) words = `${there} of ${truths.length} answers are there; the others are on their way.`;
    } catch {
      words = "The answers cannot be fetched just now; the page goes on trying.";
      wait = LATER;
    }
    find("waiting").textContent = words;
    draw();
    if (truths.includes(null)) setTimeout(fetchTruths, wait);
  }

  for (const id of [...Object.keys(VOTES), "mark"]) find(id).addEventListener("input", draw);
  draw();
  fetchTruths();
})();
