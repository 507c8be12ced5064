// The built-in page: follows events and shows them. Uses nothing but GET /events.
import { Feed } from "./feed.js";
import { View } from "./view.js";

const element = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");
const filter = element("filter");
const every = element("every");

let [events, missed, isMissedKnown, eventsBefore, isPaused] = [0, 0, true, 0, false];

const view = new View((topic) => {
  filter.value = topic;
  follow();
});

const feed = new Feed({
  state(state, text) {
    element("state").dataset.state = state;
    if (element("state").textContent !== text) element("state").textContent = text;
  },
  event(event) {
    events++;
    view.event(event);
  },
  gap(gap) {
    if (gap.missed === null) isMissedKnown = false;
    else missed += gap.missed;
    const many = gap.missed === null ? "Some events are" : gap.missed === 1 ? "1 event is" : `${number(gap.missed)} events are`;
    view.note(`${many} missing here: ${reasons[gap.reason] ?? gap.reason}`);
    if (gap.reason === "slow" && !every.value) say("More comes than this page can take. Choose fewer under “Show”, or fewer topics.");
  },
  reset() {
    view.clear();
    view.note("This is another log than before: everything is shown anew.");
  },
  snapshotEnd() {},
  refused(text) {
    say(text, true);
    filter.setAttribute("aria-invalid", "true");
  },
});

const reasons = {
  slow: "they came faster than this page could take them",
  overload: "the hub had too much to do",
  dropped: "they are not kept any more",
  damaged: "the disk has lost them",
  crashed: "the hub had crashed",
};

function follow() {
  const topics = filter.value.split(",").map((topic) => topic.trim()).filter((topic) => topic);
  if (!topics.length) topics.push(filter.value = "#");
  [events, missed, isMissedKnown, eventsBefore] = [0, 0, true, 0];
  view.clear();
  say("");
  filter.removeAttribute("aria-invalid");

  // The address of the page says what it shows.
  const query = new URLSearchParams(topics.map((topic) => ["topic", topic]));
  if (every.value) query.set("every", every.value);
  history.replaceState(null, "", topics.join() === "#" && !every.value ? location.pathname : `?${query}`);
  feed.follow(topics, every.value);
}

function say(text, isBad = false) {
  element("message").textContent = text;
  element("message").classList.toggle("bad", isBad);
}

function pause() {
  isPaused = !isPaused;
  element("pause").setAttribute("aria-pressed", String(isPaused));
  element("pause").textContent = isPaused ? "Go on" : "Pause";
  view.pause(isPaused);
}

setInterval(() => {
  element("rate").textContent = number(events - eventsBefore);
  eventsBefore = events;
  element("events").textContent = number(events);
  element("topics").textContent = number(view.size);
  element("missed").textContent = isMissedKnown ? number(missed) : `${number(missed)}+`;
  element("missed-figure").classList.toggle("some", missed > 0 || !isMissedKnown);
}, 1000);

element("controls").addEventListener("submit", (submit) => {
  submit.preventDefault();
  follow();
});
every.addEventListener("change", follow);
element("pause").addEventListener("click", pause);

const asked = new URLSearchParams(location.search);
if (asked.has("topic")) filter.value = asked.getAll("topic").join(", ");
if ([...every.options].some(({ value }) => value === asked.get("every"))) every.value = asked.get("every");
follow();
