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
  const VOTES = { first: gettext("First vote"), second: gettext("Second vote") };
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

  const withCommas = (n) => n.toLocaleString("en");
  const share = (n, all) =>
    gettext("{n} of {all} ({percent} %)", { n, all, percent: Math.round((100 * n) / all) });

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

  function sayProblem(problem, values) {
    if (problem === "no code") {
      return gettext("{name}, line {line}: “{code}” is not a code.", values);
    }
    return problem === "mistake"
      ? gettext(
          "{name}, line {line}: “{code}” has a mistake in it: a letter is wrong or missing.",
          values,
        )
      : gettext(
          "{name}, line {line}: “{code}” belongs to another lesson, " +
            "or to an older version of this one.",
          values,
        );
  }

  function drawRead(votes) {
    const said = votes
      .filter(({ voters, skipped }) => voters.length || skipped.length)
      .map(({ name, voters, repeated }) => {
        const values = { name, n: withCommas(voters.length), repeated: withCommas(repeated) };
        return repeated
          ? gettext("{name}: {n} codes, {repeated} of them like one above.", values)
          : ngettext("{name}: {n} code.", "{name}: {n} codes.", voters.length, values);
      });
    const skipped = votes.flatMap((vote) => vote.skipped.map((one) => ({ ...one, name: vote.name })));
    const n = skipped.length;
    if (n) said.push(ngettext("{n} line skipped.", "{n} lines skipped.", n, { n: withCommas(n) }));
    // A screen reader reads it out only if it changes.
    const words = said.join(" ") || gettext("Paste the codes: then the guesses are drawn here.");
    if (find("read").textContent !== words) find("read").textContent = words;
    const items = skipped.slice(0, MOST_SKIPPED).map(({ name, line, text, problem }) => {
      // Of what somebody pasted by mistake, the beginning is enough to find it again.
      const letters = [...text.slice(0, 100)];
      const start = letters.slice(0, 40).join("") + (letters.length > 40 ? "…" : "");
      // It may run from right to left, in an element of its own.
      const [before, after] = sayProblem(problem, { name, line, code: "{code}" }).split("{code}");
      return make("li", {}, before, make("bdi", { text: start }), after);
    });
    const left = n - items.length;
    if (left > 0) {
      const text = ngettext("And {n} more line.", "And {n} more lines.", left, { n: withCommas(left) });
      items.push(make("li", { text }));
    }
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
      if (bar * width === last) return first;
      return gettext("{first} to {last}", { first, last: formatGuess(last, n) });
    };
    const rows = tallies.map(({ name, all }, vote) => {
      const drawn = binned[vote].map((one, bar) => ({ one, bar })).filter(({ one }) => one > 0);
      const guesses = drawn.map(({ one, bar }) => `${nameBar(bar)}: ${one}`).join(", ");
      const label = guesses
        ? gettext("{name}, how often each guess was made: {guesses}", { name, guesses })
        : gettext("{name}, how often each guess was made: none", { name });
      const row = make("div", { className: `bars vote-${vote}`, role: "img", "aria-label": label });
      for (const { one, bar } of drawn) {
        const mark = make("div", { className: "bar", title: `${nameBar(bar)}: ${one}` });
        mark.style.left = `${(100 * bar) / bars}%`;
        mark.style.width = `${100 / bars}%`;
        mark.style.height = `${(100 * one) / highest}%`;
        row.append(mark);
      }
      const text = all
        ? ngettext("{name}: {n} guess, median {median}", "{name}: {n} guesses, median {median}", all, {
            name,
            n: withCommas(all),
            median: formatGuess(median(tallies[vote]), n),
          })
        : gettext("{name}: 0 guesses", { name });
      return make("div", { className: "row" }, make("p", { className: "vote", text }), row);
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
      const answer = truth.text;
      name.textContent =
        at > 50
          ? gettext("answer {answer} ▲", { answer })
          : gettext("▲ answer {answer}", { answer });
      if (at > 50) name.style.marginRight = `calc(${100 - at}% - 0.45rem)`;
      else name.style.marginLeft = `calc(${at}% - 0.45rem)`;
      name.classList.toggle("at-end", at > 50);
      figure.append(make("div", { className: "lines" }, line), name);
    }
    const covers =
      width === 1
        ? gettext("A bar is one guess.")
        : gettext("A bar covers {width} guesses side by side.", { width });
    const stands = ngettext(
      "The highest stands for {n} student.",
      "The highest stands for {n} students.",
      highest,
      { n: withCommas(highest) },
    );
    return [figure, make("p", { className: "note", text: `${covers} ${stands}` })];
  }

  function sayNumbers(n, tallies, truth) {
    const voted = tallies.filter(({ all }) => all > 0);
    const [before, after] = [voted[0], voted.at(-1)];
    const places = [median(before), median(after)];
    const [from, to] = places.map((place) => formatGuess(place, n));
    const answer = truth?.text;
    if (voted.length === 1) {
      if (truth?.value === undefined) return gettext("The median is {median}.", { median: from });
      const at = (truth.value - steps[n].slider.low) / steps[n].slider.step;
      const lower = before.counts.reduce((sum, one, place) => sum + (place < at ? one : 0), 0);
      return gettext("The median is {median}; the answer is {answer}. {share} guessed less.", {
        median: from,
        answer,
        share: share(lower, before.all),
      });
    }
    if (from === to) return gettext("After talking the median is {to}, as before.", { to });
    if (truth?.value === undefined) {
      return gettext("After talking the median is {to} instead of {from}.", { to, from });
    }
    const values = { to, from, answer };
    const [was, is] = places.map((place) => Math.abs(codes.value(place, scales[n]) - truth.value));
    if (is === was) {
      return gettext(
        "After talking the median is {to} instead of {from}: " +
          "as far from the answer as before, {answer}.",
        values,
      );
    }
    return is < was
      ? gettext(
          "After talking the median is {to} instead of {from}: closer to the answer, {answer}.",
          values,
        )
      : gettext(
          "After talking the median is {to} instead of {from}: further from the answer, {answer}.",
          values,
        );
  }

  // The options, each with a bar for each vote.
  function drawOptions(n, tallies, truth) {
    const most = Math.max(1, ...tallies.flatMap(({ counts }) => counts));
    const items = steps[n].options.map((option, place) => {
      const isTruth = truth?.text === option;
      const item = make("li", { className: isTruth ? "is-answer" : "" });
      const text = isTruth ? gettext("✓ {option} (the answer)", { option }) : option;
      item.append(make("p", { text }));
      tallies.forEach(({ name, counts }, vote) => {
        const bar = make("span", { className: `bar vote-${vote}` });
        bar.style.width = `${(60 * counts[place]) / most}%`;
        const words = `${name}: ${counts[place]}`;
        item.append(make("div", { className: "option-row" }, bar, make("span", { text: words })));
      });
      return item;
    });
    const list = make("ul", { className: "options" }, ...items);
    const said = tallies.map(({ name, all }) =>
      ngettext("{name}: {n} guess.", "{name}: {n} guesses.", all, { name, n: withCommas(all) }),
    );
    return [list, make("p", { className: "note", text: said.join(" ") })];
  }

  function sayOptions(n, tallies, truth) {
    const voted = tallies.filter(({ all }) => all > 0);
    const last = voted.at(-1);
    if (truth?.text === undefined) {
      const most = Math.max(...last.counts);
      const chosen = steps[n].options.filter((_, place) => last.counts[place] === most);
      return gettext("Most often chosen: {options}, by {share}.", {
        options: chosen.join("; "),
        share: share(most, last.all),
      });
    }
    const answer = truth.text;
    const right = steps[n].options.indexOf(answer);
    if (right < 0) return gettext("The answer, {answer}, is none of these.", { answer });
    const [before, after] = [voted[0], last].map(({ counts, all }) => share(counts[right], all));
    const sentence = gettext("{share} chose the answer, {answer}.", { share: before, answer });
    if (voted.length === 1) return sentence;
    return sentence + " " + gettext("After talking it was {share}.", { share: after });
  }

  function drawStep(step, n, votes, isMarked) {
    const tallies = votes.map((vote) => tally(vote, n));
    const section = make(
      "section",
      { id: `step-${n + 1}` },
      make("h2", { text: gettext("Step {n}: {title}", { n: n + 1, title: step.title }) }),
      make("p", { text: step.question }),
    );
    if (tallies.every(({ all }) => all === 0)) {
      section.append(make("p", { className: "note", text: gettext("Nobody has guessed here.") }));
      return section;
    }
    const truth = isMarked ? truths[n] : null;
    const [draw, say] = step.slider ? [drawNumbers, sayNumbers] : [drawOptions, sayOptions];
    section.append(make("p", { className: "sentence", text: say(n, tallies, truth) }));
    section.append(...draw(n, tallies, truth));
    if (isMarked && !truth) {
      section.append(make("p", { className: "note", text: gettext("The answer is on its way.") }));
    }
    if (truth?.refused) {
      const words = gettext("There is no answer to mark.") + " " + truth.refused;
      section.append(make("p", { className: "note", text: words }));
    }
    return section;
  }

  // A class talks about one step at a time, and rarely in their order.
  function linkSteps() {
    const links = steps.map((step, n) => make("a", { href: `#step-${n + 1}`, text: step.title }));
    const items = links.map((link) => make("li", {}, link));
    const attributes = { "aria-label": gettext("Steps"), className: "not-printed" };
    return make("nav", attributes, make("ol", {}, ...items));
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
        find("waiting").textContent = gettext("The lesson has changed: load this page again.");
        return;
      }
      truths = truths.map((truth, n) => truth ?? known.truths[n]);
      const there = truths.filter(Boolean).length;
      if (there < truths.length) {
        words = gettext("{there} of {all} answers are there; the others are on their way.", {
          there,
          all: truths.length,
        });
      }
    } catch {
      words = gettext("The answers cannot be fetched just now; the page goes on trying.");
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
