(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  // Colours: those of the system until somebody chooses others.
  const button = document.querySelector("button.theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const remembered = (value) => {
    // A page that was opened from a disk may have no storage.
    try {
      if (value) localStorage.setItem("quantbuild-theme", value);
      return localStorage.getItem("quantbuild-theme");
    } catch {
      return null;
    }
  };
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const label = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", isDark() ? "Use light colours" : "Use dark colours");
  };
  const kept = remembered();
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  label();
  system.addEventListener("change", label);
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remembered(root.dataset.theme);
    label();
  });

  // Tables: a click on a heading sorts by it, a second one the other way round.
  const order = new Intl.Collator("en", { numeric: true });
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.key === undefined ? { text: cell.textContent } : { number: Number(cell.dataset.key) };
  };
  const compare = (a, b, direction) => {
    // What has no number comes last in both directions.
    if (a.number === undefined || b.number === undefined) {
      if (a.number !== undefined) return -1;
      if (b.number !== undefined) return 1;
      return direction * order.compare(a.text, b.text);
    }
    return direction * (a.number - b.number);
  };
  for (const table of document.querySelectorAll("table")) {
    const headings = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    if (body.rows.length < 3) continue;
    headings.forEach((heading, column) => {
      const sorter = document.createElement("button");
      sorter.type = "button";
      sorter.className = "sort";
      sorter.append(...heading.childNodes);
      heading.append(sorter);
      sorter.addEventListener("click", () => {
        const before = heading.getAttribute("aria-sort");
        const first = heading.classList.contains("number") ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const now = before === first ? other : first;
        headings.forEach((one) => one.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", now);
        const rows = [...body.rows].map((row) => [keyOf(row, column), row]);
        rows.sort((a, b) => compare(a[0], b[0], now === "ascending" ? 1 : -1));
        body.append(...rows.map((pair) => pair[1]));
      });
    });
  }

  // Boxes above tables and cards: every word has to be there.
  for (const filter of document.querySelectorAll(".filter")) {
    const input = filter.querySelector("input");
    const output = filter.querySelector("output");
    const all = [...filter.parentElement.querySelectorAll("tbody > tr, article")];
    const texts = all.map((one) => one.textContent.toLowerCase());
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      all.forEach((one, i) => {
        const fits = words.every((word) => texts[i].includes(word));
        one.hidden = !fits;
        if (fits) shown++;
      });
      output.textContent = words.length > 0 ? `${shown} of ${all.length}` : "";
    });
  }

  // Paper shows everything.
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
})();
