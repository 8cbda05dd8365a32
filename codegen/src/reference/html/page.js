(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);
  // A file of the disk may have no storage.
  const saved = (key) => { try { return localStorage.getItem("reference." + key); } catch { return null; } };
  const save = (key, value) => { try { localStorage.setItem("reference." + key, value); } catch { /* not kept */ } };
  root.classList.add("js");
  for (const id of ["menu", "search", "theme"]) byId(id).hidden = false;

  // Light or dark: what the system says, until chosen.
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  if (["light", "dark"].includes(saved("theme"))) root.dataset.theme = saved("theme");
  byId("theme").addEventListener("click", () => save("theme", root.dataset.theme = dark() ? "light" : "dark"));

  // The table of contents on a narrow screen.
  let current = null;
  const nav = byId("nav");
  const showNav = (open) => {
    nav.classList.toggle("open", open);
    byId("menu").setAttribute("aria-expanded", String(open));
    if (open && current) current.scrollIntoView({ block: "center" });
  };
  byId("menu").addEventListener("click", () => showNav(!nav.classList.contains("open")));
  nav.addEventListener("click", (event) => { if (event.target.closest("a")) showNav(false); });

  // The server in all samples.
  const server = byId("server").querySelector("select");
  byId("server").hidden = server.options.length < 2;
  const setServer = () => {
    const data = server.selectedOptions[0].dataset;
    for (const base of all(".panel .base")) base.textContent = data[base.closest(".panel").dataset.lang];
    all(".panel[data-painted] .base").forEach((base) => paint(base.closest(".panel")));
    save("server", server.value);
  };

  // Colours, for panels that come into sight.
  const words = {
    rust: "use|let|mut|while|await|async|fn|if|else|match|Some|None|Ok|Err|true|false",
    typescript: "import|from|const|await|if|throw|new|true|false|null",
    python: "import|from|True|False|None|as",
    curl: "curl", json: "true|false|null",
  };
  const strings = {
    curl: /'[^']*'|"[^"]*"/, json: /"(?:\\.|[^"\\])*"/, rust: /"(?:\\.|[^"\\])*"/,
    typescript: /"(?:\\.|[^"\\])*"|`[^`]*`/, python: /f?"(?:\\.|[^"\\])*"/,
  };
  const rule = (language) => new RegExp(
    "(?<s>" + strings[language].source + ")(?<colon>\\s*:)?|(?<p>(?<= )--?[a-z][a-z-]*)|(?<n>\\b\\d[\\d_.]*\\b)|(?<k>\\b(?:" + words[language] + ")\\b)", "g");
  const rules = Object.fromEntries(Object.keys(words).map((language) => [language, rule(language)]));
  function paint(panel) {
    const code = panel.querySelector("code");
    const language = panel.dataset.lang;
    panel.dataset.painted = "";
    if (!code || !rules[language]) return;
    const text = code.textContent;
    if (text.length > 40000) return;
    const base = code.querySelector(".base");
    let start = -1, end = -1;
    if (base) {
      const range = document.createRange();
      range.setStart(code, 0);
      range.setEndBefore(base);
      start = range.toString().length;
      end = start + base.textContent.length;
    }
    const inner = make("span", { className: "base" });
    const out = document.createDocumentFragment();
    const put = (from, to, kind) => {
      const cuts = [from, start, end, to].filter((cut) => cut >= from && cut <= to).sort((a, b) => a - b);
      for (let cut = 0; cut + 1 < cuts.length; cut += 1) {
        const [a, b] = [cuts[cut], cuts[cut + 1]];
        if (a === b) continue;
        const inside = a >= start && b <= end;
        if (inside && inner.parentNode !== out) out.append(inner);
        const piece = kind ? make("span", { className: kind, textContent: text.slice(a, b) }) : text.slice(a, b);
        (inside ? inner : out).append(piece);
      }
    };
    let at = 0;
    for (const match of text.matchAll(rules[language])) {
      const { s, colon, p, n } = match.groups;
      if (p && language !== "curl") continue;
      put(at, match.index, "");
      if (s) {
        put(match.index, match.index + s.length, colon && language !== "curl" ? "p" : "s");
        at = match.index + s.length;
      } else {
        at = match.index + match[0].length;
        put(match.index, at, p ? "p" : n ? "n" : "k");
      }
    }
    put(at, text.length, "");
    code.replaceChildren(out);
  }
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); paint(entry.target); }
  }, { rootMargin: "600px" });

  // Copying.
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* the old way */ }
    const area = make("textarea", { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
  const copier = (panel) => {
    const button = make("button", { type: "button", className: "copy", textContent: "Copy" });
    button.addEventListener("click", async () => {
      button.textContent = await copy(panel().querySelector("code").textContent) ? "Copied" : "Not copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    return button;
  };
  for (const panel of all(".panel")) {
    if (!panel.closest(".tabs")) panel.querySelector(".title").append(copier(() => panel));
    seen.observe(panel);
  }

  // Languages as tabs; all samples follow the choice.
  const choose = (language, focus) => {
    for (const tabs of all(".tabs")) {
      const panels = all(".panel", tabs);
      const shown = panels.find((panel) => panel.dataset.lang === language) ?? panels[0];
      for (const panel of panels) panel.hidden = panel !== shown;
      for (const tab of all("[role=tab]", tabs)) {
        const selected = tab.dataset.lang === shown.dataset.lang;
        tab.setAttribute("aria-selected", String(selected));
        tab.tabIndex = selected ? 0 : -1;
        if (selected && focus === tabs) tab.focus();
      }
    }
    save("language", language);
  };
  all(".tabs").forEach((tabs, index) => {
    const bar = make("div", { className: "tabbar" });
    const list = make("div", { className: "tablist" });
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", "Language of the sample");
    all(".panel", tabs).forEach((panel) => {
      const language = panel.dataset.lang;
      const tab = make("button", { type: "button", id: "tab-" + index + "-" + language, textContent: panel.querySelector(".title").firstChild.textContent });
      tab.dataset.lang = language;
      tab.setAttribute("role", "tab");
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      // The choice moves the panels above this one too: keep the button where it is.
      tab.addEventListener("click", () => {
        const before = tab.getBoundingClientRect().top;
        choose(language);
        scrollBy(0, tab.getBoundingClientRect().top - before);
      });
      list.append(tab);
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const tabs_ = all("[role=tab]", list);
      const at = tabs_.findIndex((tab) => tab.tabIndex === 0);
      choose(tabs_[(at + step + tabs_.length) % tabs_.length].dataset.lang, tabs);
      event.preventDefault();
    });
    bar.append(list, copier(() => tabs.querySelector(".panel:not([hidden])")));
    tabs.prepend(bar);
  });
  choose(saved("language") ?? "curl");
  server.addEventListener("change", setServer);
  if (saved("server") && server.options[Number(saved("server"))]) { server.value = saved("server"); setServer(); }

  // Schemas are copied to where they are opened, one step at a time.
  document.addEventListener("toggle", (event) => {
    const details = event.target;
    const of = details.dataset && details.dataset.of;
    if (!of || !details.open) return;
    delete details.dataset.of;
    const parts = byId(of) && byId(of).querySelector(".parts");
    if (!parts) return;
    const inside = parts.cloneNode(true);
    all("[id]", inside).forEach((element) => element.removeAttribute("id"));
    inside.className = "";
    details.lastElementChild.replaceWith(inside);
  }, true);

  // On paper every answer is open.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all(".answer:not([open])");
    folded.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((part) => { part.open = false; }));

  // Search over operations, their parameters, schemas, members and headings.
  let index = null;
  const words_ = (text) => text.replace(/\s+/g, " ").trim();
  const build = () => {
    const entries = [];
    const add = (anchor, title, about, text, rank) => entries.push({ anchor, title, about, rank, key: title.toLowerCase(), text: (title + " " + about + " " + text).toLowerCase() });
    for (const section of all(".op")) {
      const address = words_(section.querySelector(".address").textContent);
      const prose = section.querySelector(".doc > .md");
      add(section.id, section.querySelector("h3").firstChild.textContent.trim(), address, prose ? words_(prose.textContent) : "", 0);
      const rows = (list, what) => {
        for (const row of all(list, section)) {
          const name = row.querySelector(":scope > .line > .name");
          const about = row.querySelector(":scope > .md");
          if (name) add(section.id, name.textContent, what + " of " + address, about ? words_(about.textContent) : "", 2);
        }
      };
      rows(":scope > .doc > .members > li", "parameter");
      // What a named schema has is found there.
      rows(":scope > .doc > .media > .line:not(:has(> .type a)) ~ .members > li", "body");
    }
    for (const section of all(".schema")) {
      const name = section.querySelector("h3").firstChild.textContent.trim();
      const prose = section.querySelector(".doc > .md");
      add(section.id, name, "schema", prose ? words_(prose.textContent) : "", 1);
      for (const row of all(".parts > .members > li[id]", section)) {
        const about = row.querySelector(":scope > .md");
        add(row.id, name + "." + row.querySelector(".name").textContent, about ? words_(about.textContent) : "member", "", 2);
      }
    }
    for (const heading of all(".chapter h1, .chapter h2, .chapter h3, .chapter h4")) {
      const place = heading.id || heading.closest("[id]").id;
      let text = "";
      for (let next = heading.nextElementSibling; next && !/^H[1-6]$/.test(next.tagName); next = next.nextElementSibling) text += " " + next.textContent;
      add(place, words_(heading.firstChild.textContent), "chapter", words_(text), 1);
    }
    return entries;
  };
  const find = (query) => {
    const terms = query.toLowerCase().split(/\s+/).filter(Boolean);
    const whole = terms.join(" ");
    const found = [];
    for (const entry of index) {
      if (!terms.every((term) => entry.text.includes(term))) continue;
      const about = entry.about.toLowerCase();
      const inTitle = terms.filter((term) => entry.key.includes(term)).length;
      const inAbout = entry.rank === 0 ? terms.filter((term) => about.includes(term)).length : 0;
      const exact = entry.key === whole || (entry.rank === 0 && (about.split(" ").includes(whole) || about.startsWith(whole + " ")));
      const score = (exact ? 60 : 0) + (entry.key.startsWith(whole) ? 20 : 0) + (about.includes(whole) ? 10 : 0) +
        10 * inTitle + 10 * inAbout - 15 * entry.rank;
      found.push({ entry, score });
    }
    found.sort((a, b) => b.score - a.score);
    return found.slice(0, 30).map(({ entry }) => entry);
  };
  const input = byId("query");
  const results = byId("results");
  let chosen = -1;
  const close = () => { results.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const select = (at) => {
    const rows = all("[role=option]", results);
    if (!rows.length) return;
    chosen = (at + rows.length) % rows.length;
    rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === chosen)));
    rows[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", rows[chosen].id);
  };
  const go = (anchor) => { close(); input.blur(); showNav(false); if (location.hash === "#" + anchor) reveal(); else location.hash = anchor; };
  const search = () => {
    index ??= build();
    const query = input.value.trim();
    if (!query) return close();
    const found = find(query);
    results.replaceChildren(...found.map((entry, number) => {
      const row = make("li", { id: "result-" + number });
      row.setAttribute("role", "option");
      row.append(make("span", { textContent: entry.title }), make("small", { textContent: entry.about }));
      row.addEventListener("mousedown", (event) => { event.preventDefault(); go(entry.anchor); });
      return row;
    }));
    if (!found.length) {
      const row = make("li", { className: "none", textContent: "Nothing has all of these words." });
      row.setAttribute("role", "presentation");
      results.append(row);
    }
    results.hidden = false;
    input.setAttribute("aria-expanded", "true");
    chosen = -1;
    select(0);
  };
  input.addEventListener("input", search);
  input.addEventListener("focus", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const rows = all("[role=option]", results);
    if (event.key === "ArrowDown") select(chosen + 1);
    else if (event.key === "ArrowUp") select(chosen - 1);
    else if (event.key === "Enter" && rows[chosen]) rows[chosen].dispatchEvent(new MouseEvent("mousedown", { cancelable: true }));
    else if (event.key === "Escape") input.blur();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if ((event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) || (event.key === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === "Escape") showNav(false);
  });

  // Where the reader is.
  const links = new Map(all("a", nav).map((link) => [link.hash.slice(1), link]));
  const mark = (id) => {
    const link = links.get(id);
    if (!link || link === current) return;
    if (current) current.removeAttribute("aria-current");
    current = link;
    link.setAttribute("aria-current", "true");
    if (link.closest("details").open && nav.offsetParent) {
      const box = nav.getBoundingClientRect(), at = link.getBoundingClientRect();
      if (at.top < box.top || at.bottom > box.bottom) nav.scrollTop += at.top - box.top - box.height / 3;
    }
  };
  const places = all("main section[id], main h2[id], main .plain li[id]").filter((place) => links.has(place.id));
  let waiting = false;
  const follow = () => {
    waiting = false;
    const line = innerHeight / 4;
    let low = 0, high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle].getBoundingClientRect().top <= line) low = middle + 1; else high = middle;
    }
    if (low) mark(places[low - 1].id);
  };
  addEventListener("scroll", () => { if (!waiting) { waiting = true; requestAnimationFrame(follow); } }, { passive: true });
  const reveal = () => {
    let target = null;
    try { target = byId(decodeURIComponent(location.hash.slice(1))); } catch { /* no such place */ }
    for (let at = target && target.closest("details"); at; at = at.parentElement && at.parentElement.closest("details")) at.open = true;
    if (target) target.scrollIntoView();
    follow();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal(); else follow();
})();
