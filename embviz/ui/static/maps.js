// Maps: which labels have room, and how one zooms. A figure is a map if its layout says so:
// `meta.map.marked` is how many of its points stand out: a query, its hits, those with a ring, the
// names of areas; `meta.map.areas` is how many are such names. The points stand in rising order of
// importance; see views/projection.py.

(() => {
  // A label stands on the first of these sides of its point where it has room.
  const SIDES = ["top", "right", "bottom", "left"];
  // The name of an area, where no point stands, may be so many pixels farther away.
  const AWAY = [0, 8, 16, 24, 32, 40];
  const FARTHEST = 40;
  // A map of more texts is dense.
  const MANY = 60;
  // Plotly zooms by this much at once, as a power of e; anything more takes several of its steps.
  const STEP = 0.1;
  // What a turn of the wheel by so many pixels zooms in, as a power of e.
  const WHEEL = 1 / 250;

  const states = new WeakMap();
  // The map that was clicked, as long as the pointer stays there.
  let active = null;

  const isMap = (plot) => Boolean(plot.layout?.meta?.map);
  // Pixels between two labels.
  const GAP = 3;
  const overlap = (a, b, gap = 0) =>
    a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom && b.top < a.bottom;
  const isWithin = (a, b) =>
    a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
  const moved = ({ left, top, right, bottom }, [x, y]) => ({
    left: left + x,
    right: right + x,
    top: top + y,
    bottom: bottom + y,
  });

  // How far a label is moved from above its point to another side of it, so many pixels away.
  function shift(side, away, label, dot) {
    const width = label.right - label.left;
    const height = label.bottom - label.top;
    const middle = (dot.top + dot.bottom - height) / 2 - label.top;
    if (side === "top") return [0, dot.top - height - 1 - away - label.top];
    if (side === "bottom") return [0, dot.bottom + 1 + away - label.top];
    if (side === "right") return [dot.right + 3 + away - label.left, middle];
    return [dot.left - 3 - away - width - label.left, middle];
  }

  // How far to the right a label must move so that it stands within the frame.
  const beyond = (label, frame) =>
    Math.max(0, frame.left - label.left) + Math.min(0, frame.right - label.right);

  // Where a label can stand, the best place first.
  const placesOf = (isArea) =>
    (isArea ? AWAY : [0]).flatMap((away) => SIDES.map((side) => [side, away]));

  // Show the labels that have room, the most important first. They keep clear of each other, of the
  // edge, and of the points that stand out. A label of another point covers no point, or one where
  // the map is dense.
  function placeLabels(plot, state) {
    const frame = plot.querySelector(".nsewdrag")?.getBoundingClientRect();
    if (!frame?.width) return;
    const dots = new Map();
    for (const dot of plot.querySelectorAll(".points .point")) {
      dots.set(dot.__data__.i, dot.getBoundingClientRect());
    }
    const { marked, areas = 0 } = plot.layout.meta.map;
    const isMarked = (i) => i >= dots.size - marked;
    const labels = [...plot.querySelectorAll(".textpoint")].map((group) => {
      const text = group.querySelector("text");
      const [x, y] = text.shift ?? [0, 0];
      const box = moved(text.getBoundingClientRect(), [-x, -y]);
      return { text, i: group.__data__.i, box };
    });
    labels.sort((a, b) => b.i - a.i);
    const onScreen = [...dots].filter(([, dot]) => overlap(dot, frame));
    const kept = onScreen.filter(([i]) => isMarked(i));
    const coverable = dots.size > MANY ? 1 : 0;
    const shown = [];
    state.sides = new Map();
    for (const { text, i, box } of labels) {
      const dot = dots.get(i);
      let best = null;
      if (dot && overlap(dot, frame)) {
        const isArea = i >= dots.size - areas;
        for (const [side, away] of placesOf(isArea)) {
          const by = shift(side, away, box, dot);
          if (isArea) by[0] += beyond(moved(box, by), frame);
          const place = moved(box, by);
          if (!isWithin(place, frame) || shown.some((other) => overlap(other, place, GAP))) continue;
          if (kept.some(([j, other]) => j !== i && overlap(other, place))) continue;
          const covered = onScreen.filter(([j, other]) => j !== i && overlap(other, place)).length;
          if (covered > coverable && !isMarked(i)) continue;
          if (!best || covered < best.covered) best = { side, by, place, covered };
          if (!covered) break;
        }
      }
      text.style.visibility = best ? "visible" : "hidden";
      if (!best) continue;
      shown.push(best.place);
      state.sides.set(i, best.side);
      text.shift = best.by;
      text.style.translate = best.by.map((pixels) => `${pixels}px`).join(" ");
    }
  }

  // Zoom by a factor around a point of the screen, which may lie outside the map. Where the wheel
  // turns, Plotly moves what is drawn at once and draws it anew a moment later.
  function zoomAround(plot, x, y, factor) {
    const steps = Math.ceil(Math.abs(Math.log(factor)) / STEP - 1e-9);
    const deltaY = (-200 * Math.log(factor)) / steps;
    const area = plot.querySelector(".nsewdrag");
    plot._context._scrollZoom = { cartesian: true };
    for (let step = 0; step < steps; step++) {
      area.dispatchEvent(
        new WheelEvent("wheel", { deltaY, clientX: x, clientY: y, cancelable: true }),
      );
    }
    plot._context._scrollZoom = {};
  }

  function zoom(plot, x, y, factor) {
    const state = states.get(plot);
    const zoomed = Math.min(state.zoomed * factor, FARTHEST);
    if (zoomed <= 1.001) {
      showWhole(plot);
    } else if (zoomed !== state.zoomed) {
      zoomAround(plot, x, y, zoomed / state.zoomed);
      state.zoomed = zoomed;
    }
  }

  function showWhole(plot) {
    states.get(plot).zoomed = 1;
    plot.querySelector('.modebar-btn[data-attr="zoom"][data-val="reset"]')?.click();
  }

  function move(plot, x, y) {
    // To zoom in around one point and out around another moves the map.
    const factor = 1 + STEP / 2;
    const { left, top } = plot.getBoundingClientRect();
    zoomAround(plot, left, top, factor);
    const share = 1 - 1 / factor;
    zoomAround(plot, left + x / share, top + y / share, 1 / factor);
  }

  function addTools(plot) {
    const tools = document.createElement("div");
    tools.className = "map-tools";
    tools.innerHTML = `<span class="by-mouse"></span> <span class="by-touch"></span>
<button type="button">+</button> <button type="button">−</button> <button type="button"></button>`;
    const [byMouse, byTouch] = tools.querySelectorAll("span");
    const [closer, farther, whole] = tools.querySelectorAll("button");
    byMouse.textContent = gettext("Click the map to zoom with the wheel; drag to move.");
    byTouch.textContent = gettext("Zoom with two fingers.");
    closer.ariaLabel = gettext("Zoom in");
    farther.ariaLabel = gettext("Zoom out");
    whole.ariaLabel = gettext("Show the whole map");
    whole.textContent = gettext("Whole map");
    const zoomBy = (factor) => {
      const { left, top, width, height } = plot.querySelector(".nsewdrag").getBoundingClientRect();
      zoom(plot, left + width / 2, top + height / 2, factor);
    };
    closer.onclick = () => zoomBy(1.6);
    farther.onclick = () => zoomBy(1 / 1.6);
    whole.onclick = () => showWhole(plot);
    plot.append(tools);
  }

  // A wheel that turns while the pointer passes over a map scrolls the page. It zooms where it is
  // meant to: after a click on the map, or with Ctrl, which is what a touchpad sends for a pinch.
  function onWheel(event, plot) {
    if (!isMap(plot) || !event.isTrusted) return;
    if (plot !== active && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const pixels = event.deltaY * [1, 20, 400][event.deltaMode];
    const speed = event.ctrlKey && Math.abs(pixels) < 50 ? 4 * WHEEL : WHEEL;
    zoom(plot, event.clientX, event.clientY, Math.exp(-pixels * speed));
  }

  const centre = (touches) => {
    const [a, b] = touches;
    return {
      x: (a.clientX + b.clientX) / 2,
      y: (a.clientY + b.clientY) / 2,
      apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
    };
  };

  // One finger scrolls the page, so Plotly must not see it; two zoom and move the map.
  function onTouch(event, plot) {
    if (!isMap(plot) || event.target.closest(".map-tools")) return;
    event.stopPropagation();
    const state = states.get(plot);
    if (event.touches.length !== 2) {
      state.pinch = null;
      return;
    }
    if (event.cancelable) event.preventDefault();
    const now = centre(event.touches);
    const before = state.pinch;
    if (before && Math.hypot(now.x - before.x, now.y - before.y, now.apart - before.apart) < 3) return;
    state.pinch = now;
    if (!before) return;
    const { zoomed } = state;
    zoom(plot, before.x, before.y, now.apart / before.apart);
    if (zoomed > 1 && state.zoomed > 1) move(plot, now.x - before.x, now.y - before.y);
  }

  function attach(plot) {
    const state = { zoomed: 1, waiting: false };
    states.set(plot, state);
    const update = () => {
      if (state.waiting) return;
      state.waiting = true;
      requestAnimationFrame(() => {
        state.waiting = false;
        refresh(plot, state);
      });
    };
    for (const name of ["plotly_afterplot", "plotly_relayout", "plotly_relayouting"]) {
      plot.on(name, update);
    }
    plot.on("plotly_doubleclick", () => (state.zoomed = 1));
    plot.addEventListener("wheel", (event) => onWheel(event, plot), { capture: true, passive: false });
    plot.addEventListener("pointerdown", ({ pointerType, target }) => {
      const meant = pointerType === "mouse" && target.closest(".draglayer");
      if (meant && isMap(plot)) active = plot;
    });
    for (const name of ["touchstart", "touchmove", "touchend", "touchcancel"]) {
      plot.addEventListener(name, (event) => onTouch(event, plot), { capture: true, passive: false });
    }
    // Labels have another width once their font is there.
    document.fonts.ready.then(update);
    update();
  }

  function refresh(plot, state) {
    if (!isMap(plot)) return;
    plot.classList.add("is-map");
    if (!plot.querySelector(".map-tools")) addTools(plot);
    placeLabels(plot, state);
  }

  let isLooking = false;
  new MutationObserver(() => {
    if (isLooking) return;
    isLooking = true;
    requestAnimationFrame(() => {
      isLooking = false;
      for (const plot of document.querySelectorAll(".js-plotly-plot")) {
        if (!states.has(plot) && plot.on) attach(plot);
      }
    });
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["class"] });

  document.addEventListener("pointerover", ({ clientX, clientY, buttons }) => {
    if (!active || buttons) return;
    // Not by what lies under the pointer: Plotly covers the whole page while a button is down.
    const { left, right, top, bottom } = active.getBoundingClientRect();
    if (clientX < left || clientX > right || clientY < top || clientY > bottom) active = null;
  });

  // A picture of a map has the labels that are shown. Plotly draws it from a copy of the figure.
  document.addEventListener(
    "click",
    ({ target }) => {
      const plot = target.closest?.('.modebar-btn[data-title*="PNG" i]')?.closest(".is-map");
      if (!plot) return;
      const [trace] = plot.data;
      const { text, textposition } = trace;
      const { sides } = states.get(plot);
      trace.text = text.map((label, i) => (sides.has(i) ? label : ""));
      trace.textposition = text.map(
        (_, i) => ({ bottom: "bottom center", left: "middle left", right: "middle right" })[sides.get(i)] ?? "top center",
      );
      setTimeout(() => Object.assign(trace, { text, textposition }));
    },
    true,
  );
})();
