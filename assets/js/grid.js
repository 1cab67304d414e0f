// The grid of a return: <div data-grid> with boxes <input data-box>. Arrow keys and Enter move between boxes, a block that is pasted
// from a spreadsheet fills them, and what the server finds while the draft saves itself is said below each line.

export function startGrids(root) {
  for (const grid of root.querySelectorAll("[data-grid]")) new Grid(grid);
  for (const form of new Set([...root.querySelectorAll("[data-grid]")].map((grid) => grid.closest("form")))) {
    form?.addEventListener("draft-saved", (event) => show(form, event.detail.findings));
  }
}

class Grid {
  constructor(element) {
    this.form = element.closest("form");
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("paste", (event) => this.paste(event));
  }

  // Rows of boxes of all tables as they are read on paper: where a cell holds two boxes, the second boxes are a row of their own.
  rows() {
    const rows = [];
    for (const line of this.form.querySelectorAll("[data-grid] [data-measure] > tr")) {
      const cells = [...line.querySelectorAll("td")].map((cell) => [...cell.querySelectorAll("input[data-box]")]).filter((boxes) => boxes.length);
      const deepest = Math.max(0, ...cells.map((boxes) => boxes.length));
      for (let depth = 0; depth < deepest; depth += 1) rows.push(cells.map((boxes) => boxes[depth]).filter(Boolean));
    }
    return rows;
  }

  place(rows, box) {
    const row = rows.findIndex((boxes) => boxes.includes(box));
    return row < 0 ? null : { row, column: rows[row].indexOf(box) };
  }

  key(event) {
    const box = event.target;
    if (!box.matches?.("input[data-box]") || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = this.rows();
    const at = this.place(rows, box);
    if (!at) return;
    let { row, column } = at;
    const start = box.selectionStart === 0 && box.selectionEnd === 0;
    const end = box.selectionStart === box.value.length && box.selectionEnd === box.value.length;
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) row += 1;
    else if (event.key === "ArrowUp" || event.key === "Enter") row -= 1;
    else if (event.key === "ArrowRight" && end) column += 1;
    else if (event.key === "ArrowLeft" && start) column -= 1;
    else return;
    event.preventDefault(); // Enter must not send the form from within the grid.
    const boxes = rows[row];
    const next = boxes?.[event.key.startsWith("ArrowLeft") || event.key.startsWith("ArrowRight") ? column : Math.min(column, boxes.length - 1)];
    if (!next) return;
    next.focus();
    next.select();
  }

  paste(event) {
    const box = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!box.matches?.("input[data-box]") || !/[\t\n\r]/.test(text.trim())) return;
    const rows = this.rows();
    const at = this.place(rows, box);
    if (!at) return;
    event.preventDefault();
    let filled = 0;
    let left = 0;
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
    lines.forEach((line, down) =>
      line.split("\t").forEach((value, across) => {
        const target = rows[at.row + down]?.[at.column + across];
        if (target) {
          target.value = value.trim().slice(0, 40);
          filled += 1;
        } else if (value.trim()) left += 1;
      }),
    );
    box.dispatchEvent(new Event("input", { bubbles: true }));
    const status = document.querySelector("[data-grid-status]");
    if (status) status.textContent = `${filled} boxes filled.${left ? ` ${left} did not fit and were left out.` : ""}`;
  }
}

// What a line says stays where it is while it is true; what is typed as an explanation is never taken away.
function show(form, findings) {
  if (!Array.isArray(findings)) return;
  for (const box of form.querySelectorAll("input[data-box]")) {
    box.classList.toggle("govuk-input--error", findings.some((finding) => finding.is_error && finding.box === box.name));
  }
  let count = 0;
  for (const body of form.querySelectorAll("[data-measure]")) {
    const mine = findings.filter((finding) => String(finding.measure) === body.dataset.measure);
    const says = body.querySelector("[data-says]");
    for (const old of says.querySelectorAll("[data-finding]")) old.remove();
    const first = says.firstChild;
    for (const finding of mine) {
      says.insertBefore(sentence(finding), first);
      if (finding.why && !form.elements[finding.why]) says.append(question(finding));
    }
    says.closest("tr").hidden = !says.children.length;
    count += mine.length;
  }
  const status = form.querySelector("[data-grid-status]");
  const words = count ? `${count} ${count === 1 ? "figure needs" : "figures need"} a look.` : "";
  if (status && status.textContent !== words) status.textContent = words;
}

function sentence(finding) {
  const line = document.createElement("p");
  line.className = `tl-return__finding${finding.is_error ? " tl-return__finding--error" : ""}`;
  line.dataset.finding = "";
  const lead = document.createElement("strong");
  lead.textContent = finding.is_error ? "To put right:" : "Please check:";
  line.append(lead, ` ${finding.message}`);
  return line;
}

function question(finding) {
  const group = document.createElement("div");
  group.className = "govuk-form-group tl-return__why";
  const label = document.createElement("label");
  label.className = "govuk-label";
  label.htmlFor = `id_${finding.why}`;
  label.textContent = finding.why_label;
  const box = document.createElement("input");
  Object.assign(box, { type: "text", name: finding.why, id: `id_${finding.why}`, maxLength: 500, className: "govuk-input" });
  group.append(label, box);
  return group;
}
