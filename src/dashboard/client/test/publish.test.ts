import { describe, expect, test, vi } from "vitest";
import type { Transport } from "../src/telemetryhub.js";
import { meet, pass, useVirtualTime } from "./scene.js";

useVirtualTime();

describe.each(["websocket", "sse", "poll"] as Transport[])("Over %s", (transport) => {
  test.each([
    ["text", "text", "text"],
    [{ temp: 1.5 }, { temp: 1.5 }, '{"temp":1.5}'],
    [21.5, 21.5, "21.5"],
    [null, null, "null"],
    [undefined, "", ""],
  ])("%j is kept", async (payload, inFrame, inBody) => {
    const { hub, client } = meet({ transport });
    await client.publish("plant/oven 3/ä", payload, { qos: 2, retain: true });
    if (transport === "websocket") {
      expect(hub.frames.at(-1)).toEqual({ type: "publish", ref: 2, topic: "plant/oven 3/ä", payload: inFrame, qos: 2, retain: true });
    } else {
      const { url, body } = hub.requests.at(-1)!;
      expect(url.href).toBe("http://hub.test/events/plant/oven%203/%C3%A4?qos=2&retain=true");
      expect(body).toBe(inBody);
    }
  });

  test("What the hub refuses is refused, with its reason", async () => {
    const { hub, client } = meet({ transport });
    if (transport !== "websocket") {
      hub.answers.push(() => Response.json({ title: "Bad Request", detail: "No.", code: "bad-topic" }, { status: 400 }));
    }
    await expect(client.publish("a/+", 1)).rejects.toMatchObject({ name: "HubError", code: "bad-topic", message: "No." });
    expect(client.state).toBe("live");
  });

  test("What is published before there is a connection is sent when there is one", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const { hub, client } = meet({ transport });
    hub.up[transport] = false;
    client.subscribe("#", () => {});
    await pass();
    expect(client.state).toBe("offline");
    const kept = vi.fn();
    void client.publish("a", 1).then(kept);
    await pass(100);
    expect(kept).not.toHaveBeenCalled();
    hub.up[transport] = true;
    await pass(1000);
    expect(kept).toHaveBeenCalledOnce();
  });

  test("What could not be sent in time is given back", async () => {
    const { hub, client } = meet({ transport, publishTimeout: 2000 });
    hub.up[transport] = false;
    client.subscribe("#", () => {});
    await pass();
    const refused = expect(client.publish("a", 1)).rejects.toMatchObject({ code: "timeout" });
    await pass(2000);
    await refused;
  });

  test("What waits when the client is closed is given back", async () => {
    const { hub, client } = meet({ transport });
    hub.up[transport] = false;
    client.subscribe("#", () => {});
    await pass();
    const refused = expect(client.publish("a", 1)).rejects.toMatchObject({ code: "closed" });
    client.close();
    await refused;
  });
});

test("A topic that a path cannot carry goes in the body", async () => {
  const { hub, client } = meet({ transport: "sse" });
  await client.publish("a/../b", { temp: 1 }, { retain: true });
  const { url, body, headers } = hub.requests.at(-1)!;
  expect(url.pathname).toBe("/events");
  expect(JSON.parse(body as string)).toEqual({ topic: "a/../b", payload: { temp: 1 }, retain: true });
  expect(headers["Content-Type"]).toBe("application/x-ndjson");
});

test("What would be too large for a frame goes by itself", async () => {
  const { hub, client } = meet({ transport: "websocket" });
  await client.publish("a", "x".repeat(19_000));
  expect(hub.requests).toHaveLength(0);
  await client.publish("a", "x".repeat(500_000));
  expect(hub.requests.map(({ url, body }) => [url.pathname, (body as string).length])).toEqual([["/events/a", 500_000]]);
  expect(client.state).toBe("live");
});

test("Bytes go as they are: in a frame as base64, in a body as bytes", async () => {
  const bytes = new Uint8Array([0, 255, 128]);
  const socket = meet({ transport: "websocket" });
  await socket.client.publish("a", bytes);
  expect(socket.hub.frames.at(-1)).toMatchObject({ payload: "AP+A", encoding: "base64" });
  const stream = meet({ transport: "sse" });
  await stream.client.publish("a", bytes);
  expect(stream.hub.requests.at(-1)!.body).toBe(bytes);
});

test("A publish whose answer was lost is not sent again", async () => {
  const { hub, client } = meet({ transport: "websocket" });
  client.subscribe("#", () => {});
  await pass();
  hub.mute.websocket = true;
  const lost = expect(client.publish("a", 1)).rejects.toMatchObject({ code: "lost" });
  await pass();
  hub.mute.websocket = false;
  hub.cut();
  await lost;
  await pass(60_000);
  expect(hub.frames.filter(({ type }) => type === "publish")).toHaveLength(1);
});

test("Who publishes into the void is stopped", async () => {
  const { hub, client } = meet({ transport: "websocket" });
  hub.up.websocket = false;
  client.subscribe("#", () => {});
  await pass();
  const failures: unknown[] = [];
  for (let i = 0; i < 1001; i++) void client.publish("a", i).catch(({ code }) => failures.push(code));
  await pass();
  expect(failures).toEqual(["overload"]);
});
