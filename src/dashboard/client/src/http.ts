import type { End, Publication } from "./carrier.js";
import { hubError } from "./errors.js";
import { encodePayload } from "./payload.js";
import type { Settings } from "./settings.js";
import type { HubSubscription, Wish } from "./subscription.js";
import type { HubError } from "./telemetryhub.js";

// In a path they would be resolved away, and the event would be another topic's: such a topic goes into the body.
const dots = /(^|\/)\.\.?(\/|$)/;

/** HTTP to the hub: how it is asked, and what its refusals mean. */
export class Http {
  constructor(private readonly settings: Settings, private readonly token: string | undefined) {}

  /** In the query and without headers of our own, so that a browser need not ask a hub of another origin for permission first. */
  get(accept: string, wish: Wish, signal: AbortSignal): Promise<Response> {
    const url = new URL(this.settings.url);
    const { topics, ...others } = wish;
    for (const topic of topics as readonly string[]) url.searchParams.append("topic", topic);
    for (const [name, value] of Object.entries(others)) if (value !== undefined) url.searchParams.set(name, String(value));
    return this.#fetch(url, { headers: { Accept: accept }, signal });
  }

  async publish({ topic, payload, qos, retain }: Publication): Promise<void> {
    const url = new URL(this.settings.url);
    const encoded = encodePayload(payload);
    let init: RequestInit & { headers?: Record<string, string> };
    if (dots.test(topic)) {
      init = { body: JSON.stringify({ topic, ...encoded, qos, retain }), headers: { "Content-Type": "application/x-ndjson" } };
    } else {
      url.pathname += `/${encodeURIComponent(topic).replaceAll("%2F", "/")}`;
      if (qos !== undefined) url.searchParams.set("qos", String(qos));
      if (retain) url.searchParams.set("retain", "true");
      init = { body: encoded.encoding ? payload as BodyInit : typeof encoded.payload === "string" ? encoded.payload : JSON.stringify(encoded.payload) };
    }

    const response = await this.#fetch(url, { method: "POST", ...init }).catch((error) => {
      throw hubError("lost", String(error));
    });
    if (!response.ok) throw await problem(response);
  }

  #fetch(url: URL, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
    const headers = { ...init.headers, ...(this.token && { Authorization: `Bearer ${this.token}` }) };
    return this.settings.fetch(url.href, { cache: "no-store", credentials: this.settings.credentials, ...init, headers });
  }

  /** Nothing when the answer is what was asked for; a subscription that is refused for good is ended. */
  async refused(response: Response, subscription: HubSubscription): Promise<End | "final" | undefined> {
    const { status } = response;
    if (status === 200) return;
    const hint = retryAfter(response);
    if (status === 401 && this.settings.getToken) return { reason: "unauthorized", hint };
    if (status >= 500 || status === 408 || status === 425 || status === 429) return { reason: status === 429 || status === 503 ? "overload" : "refused", hint };
    subscription.end(status === 204 ? hubError("gone", "The hub says: never again.") : await problem(response));
    return "final";
  }
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get("Retry-After") ?? NaN);
  return seconds >= 0 ? seconds * 1000 : undefined;
}

const codes: Record<number, string> = { 400: "bad-request", 401: "unauthorized", 403: "forbidden", 404: "not-found", 413: "too-large", 429: "overload", 503: "overload", 507: "full" };

/** The hub's errors are ProblemDetails (RFC 9457). */
async function problem(response: Response): Promise<HubError> {
  const text = await response.text().catch(() => "");
  let details: { code?: string; detail?: string; title?: string } = {};
  try {
    details = JSON.parse(text) as typeof details;
  } catch {
    // Not ours: a proxy's page.
  }
  return hubError(details.code ?? codes[response.status] ?? "refused", details.detail ?? details.title ?? `HTTP ${response.status}`);
}
