import { beforeEach, expect, test, vi } from "vitest";
import { meet, pass, useVirtualTime } from "./scene.js";

useVirtualTime();

let page: EventTarget & { hidden: boolean };

beforeEach(() => {
  page = Object.assign(new EventTarget(), { hidden: false });
  const world = new EventTarget();
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", world.addEventListener.bind(world));
  vi.stubGlobal("removeEventListener", world.removeEventListener.bind(world));
  vi.stubGlobal("dispatchEvent", world.dispatchEvent.bind(world));
});

function show(visible: boolean): void {
  page.hidden = !visible;
  page.dispatchEvent(new Event("visibilitychange"));
}

test.each(["online", "pageshow", "visibilitychange"])("On %s a client that waits stops waiting", async (event) => {
  vi.spyOn(Math, "random").mockReturnValue(0.99);
  const { hub, client, story } = meet({ transport: "websocket", backoff: { base: 30_000 } });
  hub.up.websocket = false;
  client.subscribe("#", () => {});
  await pass();
  hub.up.websocket = true;
  (event === "visibilitychange" ? page : globalThis).dispatchEvent(new Event(event));
  await pass();
  expect(story().slice(-2)).toEqual(["connecting:woken", "live:opened"]);
});

test("After a sleep a dead socket is found out within the time that a connection may take, not after 2.5 heartbeats", async () => {
  const { hub, client, story } = meet({ transport: "websocket" });
  client.subscribe("#", () => {});
  await pass(10_000);
  hub.mute.websocket = true;
  show(true);
  await pass(5000);
  expect(story().at(-1)).toBe("offline:silent");
  hub.mute.websocket = false;
  await pass(1000);
  expect(client.state).toBe("live");
});

test("After a sleep longer than 2.5 heartbeats it reconnects at once", async () => {
  const { hub, client } = meet({ transport: "sse" });
  client.subscribe("#", () => {});
  await pass();
  vi.setSystemTime(Date.now() + 3_600_000);
  show(true);
  await pass();
  expect(client.state).toBe("live");
  expect(hub.requests).toHaveLength(2);
});

test("A page that is looked at again disturbs no live connection", async () => {
  const { hub, client, story } = meet();
  client.subscribe("#", () => {});
  await pass();
  for (let i = 0; i < 10; i++) {
    show(i % 2 === 0);
    await pass(8000);
  }
  expect(story()).toEqual(["connecting:start", "live:opened"]);
  expect(hub.sockets).toHaveLength(1);
});

test("A hidden page keeps its connection unless it is told to pause", async () => {
  const { client } = meet();
  client.subscribe("#", () => {});
  await pass();
  show(false);
  await pass(3_600_000);
  expect(client.state).toBe("live");
});

test("A page that pauses lets go after its time, misses nothing, and resumes at once when it is seen", async () => {
  const { hub, client, story } = meet({ pauseWhenHidden: 60_000 });
  const events: string[] = [];
  client.subscribe("#", ({ id }) => events.push(id));
  await pass();
  show(false);
  await pass(59_999);
  expect(client.state).toBe("live");
  await pass(1);
  expect(story().at(-1)).toBe("offline:hidden");
  expect(hub.readers).toBe(0);
  hub.publish("a");
  await pass(600_000);
  expect(client.state).toBe("offline");
  show(true);
  await pass();
  expect(client.state).toBe("live");
  expect(events).toEqual(["e-1"]);
});

test("A glance away is no pause", async () => {
  const { client, story } = meet({ pauseWhenHidden: 60_000 });
  client.subscribe("#", () => {});
  await pass();
  show(false);
  await pass(30_000);
  show(true);
  await pass(600_000);
  expect(story()).toEqual(["connecting:start", "live:opened"]);
});

test("A closed client does not listen to the page any more", async () => {
  const { client, story } = meet({ pauseWhenHidden: true });
  client.subscribe("#", () => {});
  await pass();
  client.close();
  show(false);
  show(true);
  await pass(60_000);
  expect(story().at(-1)).toBe("closed:closed");
});
