// All seeds: what one run shows is an example; here each seed is run, and they are told together (kdlab/explore/seeds.py).

function allSeeds(spec, widget) {
  const start = element("button", { type: "button", textContent: `All ${spec.count} seeds` });
  const bar = element("progress", { max: spec.count, value: 0, hidden: true, ariaLabel: "seeds done" });
  const told = element("div", { className: "kd-seeds-told", role: "status" });
  let running = null; // a number of its own for each run; null while none is
  let runs = 0;

  const others = () => Object.fromEntries(Object.entries(widget.values()).filter(([name]) => name !== spec.name && name !== widget.player?.spec.name));
  const end = () => {
    running = null;
    bar.hidden = true;
    start.textContent = `All ${spec.count} seeds`;
  };
  const run = async () => {
    const mine = (running = ++runs);
    const values = others();
    const settings = widget.settingsInWords([spec.name, widget.player?.spec.name]);
    const measured = [];
    start.textContent = "Cancel";
    bar.hidden = false;
    bar.value = 0;
    told.replaceChildren("Starting Python …");
    widget.runtimes.touched();
    for (let seed = 0; seed < spec.count; seed++) {
      const answer = await widget.call(widget.runtimes.widgets, "running.over", [widget.spec.name, spec.name, values, seed], 60);
      if (running !== mine) return;
      measured.push(answer.value);
      bar.value = measured.length;
      told.replaceChildren(`${measured.length} of ${spec.count} seeds`);
    }
    const summary = await widget.call(widget.runtimes.widgets, "running.summary", [widget.spec.name, spec.name, measured], 10);
    if (running !== mine) return;
    end();
    told.replaceChildren(...seedsTold(summary.value, spec, settings));
  };
  start.addEventListener("click", () => {
    if (running !== null) {
      told.replaceChildren(`Cancelled after ${bar.value} of ${spec.count} seeds: too few to say anything.`);
      return end();
    }
    if (!widget.runtimes.possible) return told.replaceChildren(widget.runtimes.why);
    run().catch((error) => {
      end();
      told.replaceChildren(error.message);
    });
  });
  return element("div", { className: "kd-seeds" }, [start, bar, told]);
}

function seedsTold({ rows, sentence, seeds }, spec, settings) {
  const pair = (value, half) => `${shortly(value)} ± ${shortly(half)}`;
  const compared = rows.length > 1;
  const unit = spec.unit ? `, ${spec.unit}` : "";
  const head = ["", `mean${unit}`, ...(compared ? [`against ${rows[0].name}${unit}`, "better in"] : [])];
  const cells = (row) => [row.name, pair(row.mean, row.half_width), ...(compared ? ("wins" in row ? [pair(row.difference, row.difference_half_width), `${row.wins} of ${seeds}`] : ["", ""]) : [])];
  return [
    element("p", { textContent: sentence }),
    tableOf(`${seeds} seeds${settings ? ` at ${settings}` : ""}; ± is a 95 % t interval`, head, rows.map(cells)),
  ];
}
