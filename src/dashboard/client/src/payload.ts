/** A payload as it stands in JSON: `{payload}` or, for bytes, `{payload, encoding: "base64"}`. */
export function encodePayload(payload: unknown): { payload: unknown; encoding?: "base64" } {
  const bytes = payload instanceof ArrayBuffer ? new Uint8Array(payload)
    : ArrayBuffer.isView(payload) ? new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength)
    : undefined;
  if (!bytes) return { payload: payload === undefined ? "" : payload };

  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { payload: btoa(binary), encoding: "base64" };
}

export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
