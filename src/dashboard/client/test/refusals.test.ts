import { expect, test, vi } from "vitest";
import type { HubError } from "../src/telemetryhub.js";
import { meet, pass, useVirtualTime } from "./scene.js";

useVirtualTime();

const details = (status: number) => () => Response.json({ title: "Refused", detail: "Why it is." }, { status });

test.each(["sse", "poll"] as const)("Over %s, a subscription that the hub will never have ends for good", async (transport) => {
  for (const [answer, code, message] of [
    [() => new Response(null, { status: 204 }), "gone", "never again"],
    [details(400), "bad-request", "Why it is."],
    [details(401), "unauthorized", "Why it is."],
    [details(403), "forbidden", "Why it is."],
    [details(404), "not-found", "Why it is."],
    [() => new Response("<html>", { status: 405 }), "refused", "405"],
  ] as const) {
    const { hub, client } = meet({ transport });
    hub.answers.push(answer);
    const closed = vi.fn<(error: HubError) => void>();
    const other = vi.fn();
    const subscription = client.subscribe("#", { onClose: closed });
    client.subscribe("#", other);
    await pass(60_000);
    expect(closed).toHaveBeenCalledOnce();
    expect(closed.mock.calls[0]![0]).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(subscription.closed).toBe(true);
    hub.publish("a");
    await pass();
    expect(other).toHaveBeenCalledOnce();
    client.close();
  }
});

test("Over a socket too, and the others do not notice", async () => {
  const { hub, client } = meet({ transport: "websocket" });
  const [closed, other] = [vi.fn(), vi.fn()];
  client.subscribe("forbidden", { onClose: closed });
  client.subscribe("#", other);
  await pass();
  hub.publish("a");
  await pass();
  expect(closed).toHaveBeenCalledWith(expect.objectContaining({ code: "forbidden", message: "Not you." }));
  expect(other).toHaveBeenCalledOnce();
  expect(hub.sockets).toHaveLength(1);
});

test.each(["websocket", "sse", "poll"] as const)("Over %s, a bye that is final is", async (transport) => {
  for (const reason of ["bad-request", "forbidden", "slow"]) {
    const { hub, client } = meet({ transport });
    const closed = vi.fn();
    client.subscribe("#", { onClose: closed });
    await pass();
    hub.say({ type: "bye", reason });
    await pass(60_000);
    expect(closed).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: reason }));
    expect(hub.readers).toBe(0);
    client.close();
  }
});

test("A socket closed for too many errors is opened again for those who made none", async () => {
  const { hub, client } = meet({ transport: "websocket" });
  const [closed, other] = [vi.fn(), vi.fn()];
  for (let i = 0; i < 20; i++) client.subscribe("forbidden", { onClose: closed });
  client.subscribe("#", other);
  await pass();
  hub.cut(1008);
  await pass(2000);
  hub.publish("a");
  await pass();
  expect(closed).toHaveBeenCalledTimes(20);
  expect(other).toHaveBeenCalledOnce();
});

test.each([[4401, "unauthorized"], [4403, "forbidden"]] as const)("A socket closed with %i is not opened again", async (code, error) => {
  const { hub, client } = meet();
  const closed = vi.fn();
  client.subscribe("#", { onClose: closed });
  await pass();
  hub.cut(code);
  await pass(60_000);
  expect(closed).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: error }));
  expect(client.state).toBe("idle");
  expect(hub.sockets).toHaveLength(0);
});

test.each(["sse", "poll"] as const)("Over %s, a hub in trouble is asked again, no sooner than it says", async (transport) => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  for (const status of [408, 425, 429, 500, 502, 503, 504]) {
    const { hub, client, changes } = meet({ transport });
    hub.answers.push(() => new Response("", { status, headers: { "Retry-After": "7" } }));
    client.subscribe("#", () => {});
    await pass();
    expect(changes.at(-1)).toMatchObject({ state: "offline", retryIn: 7500 });
    await pass(7499);
    expect(client.state).toBe("offline");
    await pass(1);
    expect(client.state).toBe("live");
    client.close();
  }
});

test("A stream that is ended with a retry is asked for again no sooner", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const { hub, client, changes } = meet({ transport: "sse" });
  hub.answers.push(() => new Response("retry: 20000\n\n", { headers: { "Content-Type": "text/event-stream" } }));
  client.subscribe("#", () => {});
  await pass();
  expect(changes.at(-1)).toMatchObject({ state: "offline", retryIn: 20_500 });
});

test("A token is asked for before every connection, and goes where the transport can carry it", async () => {
  let number = 0;
  const getToken = vi.fn(() => Promise.resolve(`t${++number}`));
  const socket = meet({ transport: "websocket", getToken });
  socket.client.subscribe("#", () => {});
  await pass();
  socket.hub.cut();
  await pass(1000);
  expect(socket.hub.frames.filter(({ type }) => type === "auth").map(({ token }) => token)).toEqual(["t1", "t2"]);
  expect(socket.hub.frames[0]).toMatchObject({ type: "auth" });

  const stream = meet({ transport: "sse", getToken });
  stream.hub.answers.push(details(401));
  stream.client.subscribe("#", () => {});
  await pass(1000);
  expect(stream.hub.requests.map(({ headers }) => headers["Authorization"])).toEqual(["Bearer t3", "Bearer t4"]);
  expect(stream.client.state).toBe("live");
  expect(stream.story()).toContain("offline:unauthorized");
});

test("Without a token nothing is sent that makes a browser ask for permission first", async () => {
  const { hub, client } = meet({ transport: "sse" });
  client.subscribe("#", () => {});
  await pass();
  expect(Object.keys(hub.requests[0]!.headers)).toEqual(["Accept"]);
});

test("A token that cannot be had is told and tried again", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const problem = vi.fn();
  let works = false;
  const { client } = meet({ getToken: () => works ? "t" : Promise.reject(new Error("no identity provider")) });
  client.on("error", problem);
  client.subscribe("#", () => {});
  await pass();
  expect(client.state).toBe("offline");
  expect(problem).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: "token" }));
  works = true;
  await pass(500);
  expect(client.state).toBe("live");
});
