/* Time: seconds since 0001-01-01, as in the data; JavaScript's Date knows the same proleptic calendar. */
const DAY = 86400, EPOCH = 62135596800;
const MONTHS = WORDS.months;
const date = (s) => new Date(clamp(s - EPOCH, -8.64e12, 8.64e12) * 1000);
const seconds = (year, month = 0, day = 1, hour = 0) => {
  const made = new Date(0);
  made.setUTCFullYear(year, month, day);
  made.setUTCHours(hour);
  return made.getTime() / 1000 + EPOCH;
};
const sayYear = (year) => (year <= 0 ? say("bc", { year: String(1 - year) }) : String(year));
const sayDay = (s) => { const d = date(s); return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${sayYear(d.getUTCFullYear())}`; };
const sayEdge = (s, span) => { const d = date(s); return span > 6 * 366 * DAY ? sayYear(d.getUTCFullYear()) : span > 200 * DAY ? `${MONTHS[d.getUTCMonth()]} ${sayYear(d.getUTCFullYear())}` : sayDay(s); };
const pad = (n, width = 2) => String(Math.abs(n)).padStart(width, "0");
const iso = (s) => {
  const d = date(s), y = d.getUTCFullYear();
  const day = `${y < 0 ? "-" : ""}${pad(y, 4)}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
  return s % DAY ? `${day}T${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}` : day;
};
const parse = (text) => {
  const found = /^(-?\d{4,6})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d))?$/.exec(text || "");
  if (!found) return null;
  return seconds(+found[1], found[2] ? found[2] - 1 : 0, found[3] ? +found[3] : 1, found[4] ? +found[4] : 0) + (found[5] ? found[5] * 60 : 0);
};
