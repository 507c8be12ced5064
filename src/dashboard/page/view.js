// Shows events without being slowed down by them: whatever has come is shown together, ten times a second at most (nobody reads faster), and only what has changed.

const mostTopics = 2000;
const mostRows = 200;
const pace = 100;
const collator = new Intl.Collator("en", { numeric: true });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });
const element = (id) => document.getElementById(id);

export class View {
  #topics = new Map(); // topic → { event, row, … }, the one that changed last at the end
  #changed = new Set();
  #news = []; // for the stream, oldest first
  #isDue = false;
  #shownAt = 0;
  #isPaused = false;
  #dropped = 0;

  constructor(choose) {
    element("latest").addEventListener("click", ({ target }) => target.closest("button") && choose(target.textContent));
    element("stream").addEventListener("click", ({ target }) => getSelection().isCollapsed && target.closest("li")?.classList.toggle("open"));
    setInterval(() => this.#age(), 1000);
  }

  get size() {
    return this.#topics.size + this.#dropped;
  }

  event(event) {
    const known = this.#topics.get(event.topic);
    const topic = known ?? { name: event.topic, row: undefined };
    topic.event = event;
    topic.at = Date.parse(event.time);
    this.#topics.delete(event.topic);
    this.#topics.set(event.topic, topic);
    this.#changed.add(topic);
    if (this.#topics.size > mostTopics) this.#forget(this.#topics.values().next().value);
    this.#news.push(event);
    if (this.#news.length > 2 * mostRows) this.#news.splice(0, this.#news.length - mostRows);
    this.#request();
  }

  note(text) {
    this.#news.push({ note: text, time: new Date().toISOString() });
    this.#request();
  }

  clear() {
    this.#topics.clear();
    this.#changed.clear();
    this.#news.length = this.#dropped = 0;
    element("latest").replaceChildren();
    element("stream").replaceChildren();
    element("more").textContent = "";
  }

  pause(isPaused) {
    this.#isPaused = isPaused;
    this.#request();
  }

  #request() {
    if (this.#isPaused || this.#isDue) return;
    this.#isDue = true;
    const wait = this.#shownAt + pace - performance.now();
    if (wait <= 0) requestAnimationFrame(() => this.#show());
    else setTimeout(() => requestAnimationFrame(() => this.#show()), wait);
  }

  #show() {
    this.#isDue = false;
    if (this.#isPaused) return;
    this.#shownAt = performance.now();
    this.#showLatest();
    this.#showStream();
  }

  #showLatest() {
    const added = [];
    const now = Date.now();
    for (const topic of this.#changed) {
      if (!topic.row) added.push(Object.assign(topic, row(topic.name)));
      topic.value.data = briefOf(topic.event);
      topic.age.data = ageOf(now - topic.at);
      topic.row.classList.add("fresh");
    }
    this.#changed.clear();
    if (added.length) insert(added);
    element("more").textContent = this.#dropped ? `And ${this.#dropped.toLocaleString("en")} more: the ${mostTopics} that changed last are shown.` : "";
  }

  #showStream() {
    const news = this.#news.splice(0).slice(-mostRows).reverse();
    if (!news.length) return;
    const stream = element("stream");
    const fragment = document.createDocumentFragment();
    for (const event of news) fragment.append(entry(event));
    stream.prepend(fragment);
    while (stream.childElementCount > mostRows) stream.lastElementChild.remove();
  }

  #age() {
    if (this.#isPaused) return;
    const now = Date.now();
    for (const topic of this.#topics.values()) {
      if (!topic.row) continue;
      const age = now - topic.at;
      const text = ageOf(age);
      if (topic.age.data !== text) topic.age.data = text;
      if (age > 900) topic.row.classList.remove("fresh");
    }
  }

  #forget(topic) {
    this.#topics.delete(topic.name);
    this.#changed.delete(topic);
    topic.row?.remove();
    this.#dropped++;
  }
}

function row(name) {
  const row = document.createElement("tr");
  row.role = "row";
  const [value, age] = [document.createTextNode(""), document.createTextNode("")];
  const topic = document.createElement("button");
  topic.type = "button";
  topic.textContent = topic.title = name;
  const head = document.createElement("th");
  head.role = "rowheader";
  head.append(topic);
  row.append(head, cell("value", value), cell("age", age));
  return { row, value, age };
}

function cell(className, text) {
  const cell = document.createElement("td");
  cell.role = "cell";
  cell.className = className;
  cell.append(text);
  return cell;
}

// In order of their names, so that nothing jumps about. Many at once (a snapshot) go in together.
function insert(topics) {
  const body = element("latest");
  const name = (row) => row.firstElementChild.textContent;
  if (topics.length > 20) {
    const rows = [...body.children, ...topics.map((topic) => topic.row)];
    body.replaceChildren(...rows.sort((a, b) => collator.compare(name(a), name(b))));
    return;
  }

  for (const { name: added, row } of topics) {
    let [low, high] = [0, body.children.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (collator.compare(name(body.children[middle]), added) < 0) low = middle + 1;
      else high = middle;
    }
    body.insertBefore(row, body.children[low] ?? null);
  }
}

function entry(event) {
  const item = document.createElement("li");
  const time = document.createElement("time");
  time.dateTime = event.time;
  time.textContent = clock.format(Date.parse(event.time));
  item.append(time);
  if (event.note) {
    item.className = "note";
    item.append(` ${event.note}`);
    return item;
  }

  const [topic, value] = [document.createElement("span"), document.createElement("span")];
  topic.textContent = event.topic;
  value.textContent = textOf(event);
  item.append(topic, value);
  return item;
}

function textOf({ payload, encoding }) {
  if (encoding) return `${Math.floor(payload.length * 3 / 4)} bytes: ${payload}`;
  return typeof payload === "string" ? payload : JSON.stringify(payload);
}

// An object as its fields: {"temp":21.5,"ok":true} is "temp 21.5 · ok true".
function briefOf(event) {
  const { payload } = event;
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return textOf(event);
  return Object.entries(payload).map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`).join(" · ") || "{}";
}

function ageOf(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return seconds < 1 ? "now" : seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : seconds < 86_400 ? `${Math.floor(seconds / 3600)} h`
    : `${Math.floor(seconds / 86_400)} d`;
}
