import { expect, test, vi } from "vitest";
import type { Transport } from "../src/telemetryhub.js";
import { meet, pass, useVirtualTime } from "./scene.js";

useVirtualTime();

const order: Transport[] = ["websocket", "sse", "poll"];

test.each(order)("What does not work is passed over at once, down to %s", async (working) => {
  const { hub, client, story } = meet();
  for (const transport of order) hub.up[transport] = transport === working;
  client.subscribe("#", () => {});
  await pass();
  expect(client.transport).toBe(working);
  expect(story()).toEqual(["connecting:start", "live:opened"]);
});

test.each(order)("What never answers is passed over in time (%s)", async (mute) => {
  const { hub, client } = meet({ connectTimeout: 3000 });
  for (const transport of order) hub.up[transport] = false;
  hub.mute[mute] = hub.up[mute] = true;
  const next = order[order.indexOf(mute) + 1];
  if (next) hub.up[next] = true;
  client.subscribe("#", () => {});
  await pass(2999);
  expect(client.transport).toBeUndefined();
  await pass(1);
  expect(client.transport).toBe(next);
  expect(client.state).toBe(next ? "live" : "offline");
});

test("What has worked is tried alone at first, and the others again when it goes on failing", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const { hub, client } = meet();
  hub.up.websocket = false;
  client.subscribe("#", () => {});
  await pass(10_000);
  expect(client.transport).toBe("sse");

  const { length: sockets } = hub.sockets;
  hub.up.sse = false;
  hub.cut();
  await pass(500); // first round
  await pass(1000); // second
  expect(hub.sockets.length).toBe(0);
  expect(sockets).toBe(1);
  hub.up.websocket = true;
  await pass(2000); // third: everything
  expect(client.transport).toBe("websocket");
});

test("A WebSocket that is always cut as soon as it is open is given up", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const { hub, client } = meet();
  client.subscribe("#", () => {});
  for (let i = 0; i < 3; i++) {
    await pass(1);
    expect(client.transport).toBe("websocket");
    hub.cut();
  }
  await pass(1);
  expect(client.transport).toBe("sse");
});

test.each(order)("%s can be forced", async (transport) => {
  const { hub, client } = meet({ transport });
  client.subscribe("#", () => {});
  await pass();
  expect(client.transport).toBe(transport);
  hub.up[transport] = false;
  hub.cut();
  await pass(60_000);
  expect(client.state).not.toBe("live");
});

test("Without a WebSocket, as in older Node.js, it is a stream", async () => {
  vi.stubGlobal("WebSocket", undefined);
  const { hub, client } = meet({ WebSocket: undefined });
  client.subscribe("#", () => {});
  await pass();
  expect(client.transport).toBe("sse");
  expect(hub.sockets.length).toBe(0);
});

test("A socket that the page may not open at all is passed over", async () => {
  const { client } = meet({
    WebSocket: class {
      constructor() {
        throw new DOMException("Mixed content.", "SecurityError");
      }
    },
  });
  const problem = vi.fn();
  client.on("error", problem);
  client.subscribe("#", () => {});
  await pass();
  expect(client.transport).toBe("sse");
  expect(problem).toHaveBeenCalledOnce();
});

test.each([
  ["http://hub.test", "http://hub.test/events", "ws://hub.test/events"],
  ["https://hub.test/", "https://hub.test/events", "wss://hub.test/events"],
  ["wss://hub.test/plant/events", "https://hub.test/plant/events", "wss://hub.test/plant/events"],
])("%s", async (url, http, ws) => {
  const { FakeHub } = await import("./fakeHub.js");
  const { connect } = await import("../src/telemetryhub.js");
  for (const transport of ["websocket", "sse"] as const) {
    const hub = new FakeHub();
    const client = connect(url, { transport, WebSocket: hub.WebSocket, fetch: hub.fetch });
    client.subscribe("#", () => {});
    await pass();
    const asked = transport === "sse" ? hub.requests[0]!.url.origin + hub.requests[0]!.url.pathname : hub.sockets[0]!.url;
    expect(asked).toBe(transport === "sse" ? http : ws);
    client.close();
  }
});

test("A stream that is something else than a stream is none", async () => {
  const { hub, client } = meet({ transport: ["sse", "poll"] });
  hub.answers.push(() => new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } }));
  client.subscribe("#", () => {});
  await pass();
  expect(client.transport).toBe("poll");
});

test.each(["websocket", "sse", "poll"] as const)("Everything that can be asked for is asked for over %s", async (transport) => {
  const { hub, client } = meet({ transport, heartbeat: 20 });
  client.subscribe({ topics: ["a", "b/+"], since: "10m", snapshot: true, every: 250, overflow: "latest", where: "temp>30", fields: ["a", "b.c"] }, () => {});
  await pass();
  const wanted = { since: "10m", snapshot: true, every: "250ms", overflow: "latest", where: "temp>30", fields: "a,b.c" };
  if (transport === "websocket") {
    expect(hub.frames[0]).toEqual({ type: "subscribe", ref: 1, sub: "1", topics: ["a", "b/+"], heartbeat: 20, ...wanted });
    return;
  }

  const { url } = hub.requests[0]!;
  const own = transport === "sse" ? { format: "event", heartbeat: "20" } : { wait: "0" };
  expect(url.searchParams.getAll("topic")).toEqual(["a", "b/+"]);
  expect(Object.fromEntries([...url.searchParams].filter(([name]) => name !== "topic"))).toEqual({ ...wanted, snapshot: "true", ...own });
});
