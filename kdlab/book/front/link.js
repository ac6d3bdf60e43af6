// A link is an experiment: the settings of a widget stand in the address, "#temperature.logits?temperature=4".

function stateLink(spec, controls) {
  const fields = spec.controls.map(({ name }, k) => [name, controls[k].write()]).filter(([, text]) => text !== "");
  const state = fields.map(([name, text]) => `${name}=${encodeURIComponent(text).replaceAll("%2C", ",")}`).join("&");
  return `${location.href.split("#")[0]}#${spec.name}?${state}`;
}

// {name, fields} of the widget that the address sets, or null.
function stateInAddress() {
  const [, name, state] = location.hash.match(/^#([\w.]+)\?(.*)$/) ?? [];
  return name ? { name, fields: new URLSearchParams(state.replaceAll("+", "%2B")) } : null;
}

// Set the controls as the address says; return what this edition cannot set.
function takeState(spec, controls, fields) {
  const unknown = [];
  for (const [name, text] of fields) {
    const k = spec.controls.findIndex((control) => control.name === name);
    const value = k < 0 ? undefined : controls[k].read(text);
    if (value === undefined) unknown.push(`${name} = ${text}`);
    else controls[k].set(value);
  }
  return unknown;
}
