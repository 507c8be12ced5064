import { describe, expect, test, vi } from "vitest";
import type { Gap, HubEvent, Reset, Transport } from "../src/telemetryhub.js";
import { meet, pass, useVirtualTime } from "./scene.js";

useVirtualTime();

describe.each(["websocket", "sse", "poll"] as Transport[])("Over %s", (transport) => {
  test("Events come in order, with what is known of them", async () => {
    const { hub, client } = meet({ transport });
    const events: HubEvent[] = [];
    client.subscribe("a", (event) => events.push(event));
    await pass();
    hub.publish("a", { temp: 1 });
    hub.publish("b");
    hub.publish("a", "text");
    await pass();
    expect(events).toEqual([{ id: "e-1", topic: "a", payload: { temp: 1 } }, { id: "e-3", topic: "a", payload: "text" }]);
  });

  test("Bytes are bytes", async () => {
    const { hub, client } = meet({ transport });
    const payloads: unknown[] = [];
    client.subscribe("#", ({ payload }) => payloads.push(payload));
    await pass();
    hub.say({ id: "e-1", topic: "a", payload: "AP+A", encoding: "base64" });
    await pass();
    expect(payloads).toEqual([new Uint8Array([0, 255, 128])]);
  });

  test("What is published while the connection is away comes afterwards, also when nothing had come before", async () => {
    const { hub, client } = meet({ transport });
    const events: string[] = [];
    const subscription = client.subscribe("#", ({ id }) => events.push(id));
    await pass();
    hub.cut();
    hub.publish("a");
    await pass(2000);
    hub.publish("a");
    await pass();
    expect(events).toEqual(["e-1", "e-2"]);
    expect(subscription.cursor).toBe("e-2");
  });

  test("What comes twice is given once", async () => {
    const { hub, client } = meet({ transport });
    const events: string[] = [];
    client.subscribe("#", ({ id }) => events.push(id));
    await pass();
    for (const id of ["e-5", "e-5", "e-4", "e-6"]) {
      hub.say({ id, topic: "a", payload: 1 });
      await pass();
    }
    expect(events).toEqual(["e-5", "e-6"]);
  });

  test("A gap is told and moves the cursor", async () => {
    const { hub, client } = meet({ transport });
    const gaps: Gap[] = [];
    const subscription = client.subscribe("#", { onGap: (gap) => gaps.push(gap) });
    await pass();
    hub.say({ type: "gap", id: "e-6", missed: 5, from: "e-1", to: "e-6", reason: "slow" });
    await pass();
    expect(gaps).toMatchObject([{ missed: 5, from: "e-1", to: "e-6", reason: "slow" }]);
    expect(subscription.cursor).toBe("e-6");
  });

  test("A heartbeat moves the cursor", async () => {
    const { hub, client } = meet({ transport });
    const subscription = client.subscribe("mine", () => {});
    await pass();
    hub.say({ type: "cursor", id: "e-100" });
    await pass();
    expect(subscription.cursor).toBe("e-100");
  });

  test("Another log is told by a reset, and events go on in it", async () => {
    const { hub, client } = meet({ transport });
    const story: string[] = [];
    client.subscribe("#", { onEvent: ({ id }) => story.push(id), onReset: ({ reason, id }: Reset) => story.push(`${reason} ${id}`) });
    await pass();
    hub.publish("a");
    await pass();
    hub.become("f");
    hub.cut();
    await pass(2000);
    hub.publish("a");
    await pass();
    expect(story).toEqual(["e-1", "epoch f-0", "f-1"]);
  });

  test("A snapshot comes first, is not repeated by a resume, and comes anew from another log", async () => {
    const { hub, client } = meet({ transport });
    const story: string[] = [];
    hub.publish("a");
    hub.publish("b");
    hub.publish("a");
    client.subscribe({ topics: "#", snapshot: true }, {
      onEvent: ({ id }) => story.push(id), onSnapshotEnd: () => story.push("|"), onReset: () => story.push("reset"),
    });
    await pass();
    hub.cut();
    hub.publish("a");
    hub.publish("a");
    await pass(2000);
    hub.become("f");
    hub.publish("a");
    hub.cut();
    await pass(2000);
    hub.publish("b");
    await pass();
    expect(story).toEqual(["e-2", "e-3", "|", "e-4", "e-5", "reset", "f-1", "|", "f-2"]);
  });

  test("A closed subscription gets nothing more, and the hub knows", async () => {
    const { hub, client } = meet({ transport });
    const events: string[] = [];
    const subscription = client.subscribe("#", ({ id }) => {
      events.push(id);
      subscription.close();
    });
    await pass();
    hub.publish("a");
    hub.publish("a");
    await pass();
    expect(events).toEqual(["e-1"]);
    expect(subscription.closed).toBe(true);
    expect(hub.readers).toBe(0);
    expect(client.state).toBe("live");
  });

  test("Subscriptions come and go while it is live, each with its own cursor", async () => {
    const { hub, client } = meet({ transport });
    const events: string[] = [];
    const first = client.subscribe("a", ({ id }) => events.push(`first ${id}`));
    await pass();
    const second = client.subscribe("b", ({ id }) => events.push(`second ${id}`));
    await pass();
    hub.publish("a");
    hub.publish("b");
    await pass();
    expect(events.sort()).toEqual(["first e-1", "second e-2"]);
    expect([first.cursor, second.cursor]).toEqual(["e-1", "e-2"]);
  });

  test("A handler that throws loses nothing for itself or others", async () => {
    const { hub, client } = meet({ transport });
    const events: string[] = [];
    client.subscribe("#", ({ id }) => {
      events.push(id);
      if (id === "e-1") throw new Error("theirs");
    });
    await pass();
    hub.publish("a");
    hub.publish("a");
    await expect(pass()).rejects.toThrow("theirs");
    await pass();
    expect(events).toEqual(["e-1", "e-2"]);
  });

  // Whatever happens in whatever order: each event once, in order.
  test.each(Array.from({ length: 25 }, (_, seed) => seed))("Nothing is lost and nothing doubled (story %i)", async (seed) => {
    const random = generator(seed);
    vi.spyOn(Math, "random").mockImplementation(random);
    const { hub, client } = meet(random() < 0.5 ? { transport } : { transport: [transport, ...(["sse", "poll", "websocket"] as const)] });
    const seen: [string[], string[]] = [[], []];
    client.subscribe("#", ({ id }) => seen[0].push(id));
    client.subscribe("a", ({ id }) => seen[1].push(id));
    await pass();
    expect(client.state).toBe("live");

    const published: [string[], string[]] = [[], []];
    for (let step = 0; step < 150; step++) {
      const dice = random();
      if (dice < 0.6) {
        const topic = random() < 0.5 ? "a" : "b";
        hub.publish(topic);
        published[0].push(hub.cursor);
        if (topic === "a") published[1].push(hub.cursor);
      } else if (dice < 0.7) hub.cut();
      else if (dice < 0.73) client.reconnect();
      else if (dice < 0.78) hub.up[transport] = !hub.up[transport];
      else if (dice < 0.8) hub.mute[transport] = !hub.mute[transport];
      else if (dice < 0.85) hub.heartbeat();
      else await pass(random() < 0.5 ? random() * 100 : random() * 20_000);
    }
    hub.up[transport] = true;
    hub.mute[transport] = false;
    await pass(120_000);
    expect(seen).toEqual(published);
  });
});

test("A cursor that was kept resumes in another session", async () => {
  const { hub, client } = meet();
  for (let i = 0; i < 5; i++) hub.publish("a");
  const events: string[] = [];
  client.subscribe({ topics: "#", since: "e-3" }, ({ id }) => events.push(id));
  await pass();
  expect(events).toEqual(["e-4", "e-5"]);
});

test.each(["websocket", "sse", "poll"] as Transport[])("A kept cursor of another log is one reset, not one after the other (%s)", async (transport) => {
  const { hub, client } = meet({ transport });
  hub.publish("a");
  const story: string[] = [];
  client.subscribe({ topics: "#", since: "old-7", snapshot: true }, { onEvent: ({ id }) => story.push(id), onReset: () => story.push("reset") });
  await pass();
  await pass();
  expect(story).toEqual(["reset", "e-1"]);
});

test("A snapshot that was cut off is completed, and nothing of it comes twice", async () => {
  const { hub, client } = meet({ transport: "websocket" });
  for (const topic of ["a", "b", "c", "a"]) hub.publish(topic);
  const story: string[] = [];
  client.subscribe({ topics: "#", snapshot: true }, {
    onEvent: ({ id }) => {
      if (story.push(id) === 1) hub.cut();
    },
    onSnapshotEnd: () => story.push("|"),
  });
  await pass();
  hub.publish("b");
  await pass(2000);
  hub.publish("a");
  await pass();
  expect(story).toEqual(["e-2", "e-3", "e-4", "e-5", "|", "e-6"]);
});

test("A snapshot that does not fit into one answer to a poll is completed", async () => {
  const { hub, client } = meet({ transport: "poll" });
  for (let i = 0; i < 2500; i++) hub.publish(`topic${i % 2400}`);
  const events: unknown[] = [];
  let countAtEnd = 0;
  client.subscribe({ topics: "#", snapshot: true }, { onEvent: ({ payload }) => events.push(payload), onSnapshotEnd: () => countAtEnd = events.length });
  for (let i = 0; i < 5; i++) await pass();
  expect(events).toEqual(Array.from({ length: 2400 }, (_, i) => i + 101));
  expect(countAtEnd).toBe(2400);
});

test("Behind a cursor there is no snapshot: everything since comes", async () => {
  const { hub, client } = meet();
  for (let i = 0; i < 4; i++) hub.publish("a");
  const events: string[] = [];
  client.subscribe({ topics: "#", since: "e-2", snapshot: true }, ({ id }) => events.push(id));
  await pass();
  expect(events).toEqual(["e-3", "e-4"]);
  expect(hub.frames[0]).not.toHaveProperty("snapshot");
});

test("What still comes for a subscription's former life is not its own", async () => {
  const { hub, client } = meet({ transport: "websocket" });
  const events: string[] = [];
  client.subscribe({ topics: "#", snapshot: true }, { onEvent: ({ id }) => events.push(id) });
  await pass();
  hub.sockets[0]!.receive({ sub: "1", type: "snapshot-end", id: "e-0" });
  hub.sockets[0]!.receive({ sub: "1", type: "reset", id: "f-9", reason: "epoch" }, { sub: "1", id: "f-10", topic: "a", payload: 1 });
  await pass();
  expect(events).toEqual([]);
});

// Small, seeded, good enough to shuffle with (mulberry32).
function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
