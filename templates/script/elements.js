/* Finding and making elements, and saying things: every word of the script stands in words.toml. */
const html = document.documentElement;
const root = html.dataset.root;
const $ = (query, at = document) => at.querySelector(query);
const $$ = (query, at = document) => [...at.querySelectorAll(query)];
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const numbers = new Intl.NumberFormat(WORDS.language), number = (n) => numbers.format(n); // made once: making it is slow
const plurals = new Intl.PluralRules(WORDS.language);

/* What a key says, its places filled; one that counts has a form for each kind of number. */
function say(key, holds = {}) {
  const said = WORDS[key];
  const form = typeof said === "string" ? said : said[plurals.select(holds.n)] ?? said.other;
  return form.replace(/\{(\w+)\}/g, (_, name) => (typeof holds[name] === "number" ? number(holds[name]) : holds[name]));
}
function make(tag, attributes = {}, ...children) {
  const space = make.svg.has(tag) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
  const made = document.createElementNS(space, tag.replace("svg-", ""));
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
make.svg = new Set(["svg", "svg-a", "g", "rect", "line", "path", "circle", "text", "defs", "linearGradient", "stop", "pattern"]);
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 2).trimEnd()}…` : text);
const later = (wait, run) => { let timer; return (...more) => { clearTimeout(timer); timer = setTimeout(run, wait, ...more); }; };
const keep = (key, value) => { try { if (value === undefined) return localStorage.getItem(key); localStorage.setItem(key, value); } catch { /* no storage from disk */ } return null; };
