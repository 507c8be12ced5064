import { expect, test } from "vitest";
import { SseParser } from "../src/sse.js";
import type { Item } from "../src/subscription.js";

function parse(...chunks: string[]): { items: Item[]; retries: number[] } {
  const [items, retries]: [Item[], number[]] = [[], []];
  const parser = new SseParser({ item: (item) => items.push(item), retry: (milliseconds) => retries.push(milliseconds) });
  for (const chunk of chunks) parser.push(chunk);
  return { items, retries };
}

const stream = [
  ": a comment",
  "retry: 2500",
  "",
  'id: e-1\ndata: {"topic":"a",',
  'data: "payload":"two\\nlines"}',
  "",
  'id:e-2\nevent: gap\ndata:{"missed":5}',
  "",
  "id: e-3",
  "",
  'event: bye\ndata: {"reason":"shutdown"}',
  "",
  'id: e-9\ndata: {"never":"dispatched without its blank line"}',
].join("\n");

const expected = {
  items: [
    { id: "e-1", topic: "a", payload: "two\nlines" },
    { id: "e-2", type: "gap", missed: 5 },
    { id: "e-3", type: "cursor" },
    { type: "bye", reason: "shutdown" },
  ],
  retries: [2500],
};

test.each(["\n", "\r", "\r\n"])("Lines may end with %j", (end) => expect(parse(stream.replaceAll("\n", end))).toEqual(expected));

test.each(["\n", "\r", "\r\n"])("A stream may be cut anywhere between chunks (%j)", (end) => {
  const text = stream.replaceAll("\n", end);
  for (let at = 0; at <= text.length; at++) expect(parse(text.slice(0, at), text.slice(at))).toEqual(expected);
  expect(parse(...text)).toEqual(expected);
});
