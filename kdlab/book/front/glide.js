// An answer happens: the picture moves through the grid to the settings that show it. Who touches a control stops it there.

const GLIDE_MS = [700, 2400]; // at least and at most

function glide(widget, at) {
  widget.stopGliding?.();
  const moves = widget.spec.controls.flatMap(({ name, kind }, k) => (name in at && kind !== "play" ? [{ k, way: wayTo(widget, k, at[name]) }] : []));
  const play = widget.spec.controls.find(({ name, kind }) => kind === "play" && name in at);
  const steps = Math.max(0, ...moves.map(({ way }) => way.length - 1));
  const put = (part) => {
    for (const { k, way } of moves) widget.controls[k].set(way[Math.round(part * (way.length - 1))]);
    widget.changed();
  };
  const end = () => {
    if (play) widget.player.goTo(at[play.name]);
  };
  // a run under other settings is one from their start
  if (play && moves.length) widget.player.begin();
  if (steps === 0 || play || matchMedia("(prefers-reduced-motion: reduce)").matches) {
    put(1);
    return end();
  }
  const time = Math.min(GLIDE_MS[1], Math.max(GLIDE_MS[0], 60 * steps));
  const started = performance.now();
  let shown = -1;
  const stop = new AbortController();
  widget.ghost = widget.picture; // the trace, which stays until a hand moves something
  widget.stopGliding = () => {
    stop.abort();
    widget.ghost = widget.stopGliding = null;
  };
  const touched = ({ key }) => !["Tab", "Shift"].includes(key) && widget.stopGliding?.();
  for (const touch of ["pointerdown", "keydown", "input"]) widget.place.addEventListener(touch, touched, { signal: stop.signal, capture: true });
  const tick = (now) => {
    if (stop.signal.aborted) return;
    const part = Math.min(1, (now - started) / time);
    const step = Math.round(eased(part) * steps);
    if (step !== shown) put(step / steps);
    shown = step;
    if (part < 1) requestAnimationFrame(tick);
    else end();
  };
  requestAnimationFrame(tick);
}

function eased(part) {
  return part * part * (3 - 2 * part);
}

// The values of a control's grid from where it stands to where it goes; of other controls than sliders only the last.
function wayTo(widget, k, value) {
  if (widget.spec.controls[k].kind !== "slider") return [value];
  const values = widget.grid.values[k];
  const [from, to] = [widget.controls[k].get(), value].map((one) => values.findIndex((each) => each === one));
  if (from < 0 || to < 0) return [value];
  const way = values.slice(Math.min(from, to), Math.max(from, to) + 1);
  return from <= to ? way : way.reverse();
}
