import { expect, test } from "vitest";
import { decodeBase64, encodePayload } from "../src/payload.js";

test.each([
  ["text", { payload: "text" }],
  [{ temp: 1.5 }, { payload: { temp: 1.5 } }],
  [null, { payload: null }],
  [undefined, { payload: "" }],
  [new Uint8Array([0, 255, 128]), { payload: "AP+A", encoding: "base64" }],
  [new Uint8Array([9, 0, 255, 128, 9]).subarray(1, 4), { payload: "AP+A", encoding: "base64" }],
  [new Uint8Array([0, 255, 128]).buffer, { payload: "AP+A", encoding: "base64" }],
])("%j stands in JSON as %j", (payload, json) => expect(encodePayload(payload)).toEqual(json));

test("Bytes come back as they were", () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
  expect(decodeBase64(encodePayload(bytes).payload as string)).toEqual(bytes);
});
