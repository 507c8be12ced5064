using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using TelemetryHub.Core.Feeds.Control;
using TelemetryHub.Server.Feeds.Requests;

namespace TelemetryHub.Server.Feeds.WebSockets;

/// <summary>How a request becomes a WebSocket: RFC 6455 §4.2 over HTTP/1.1, RFC 8441 over HTTP/2. No extension is ever accepted: nothing is compressed.</summary>
/// <param name="SubProtocol">What was chosen of what the client offered; null when it offered nothing.</param>
/// <param name="Accept">What proves to the client that its key was understood (§4.2.2); null over HTTP/2, which has no key.</param>
internal readonly record struct WebSocketHandshake(string? SubProtocol, string? Accept)
{
    /// <summary>The subprotocol in JSON; also what is spoken with a client that offers none.</summary>
    public const string JsonName = "telemetryhub.v1";

    /// <summary>The subprotocol in CBOR.</summary>
    public const string CborName = "telemetryhub.v1.cbor";

    private const string Token = "websocket";
    private const string Version = "13";
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyBytes = 16;

    public StreamProtocol Protocol => SubProtocol == CborName ? StreamProtocol.Cbor : StreamProtocol.Json;

    /// <summary>Reads a request that asks for a WebSocket, or says what is wrong with it.</summary>
    public static bool TryRead(HttpContext context, out WebSocketHandshake handshake, out Refusal refusal)
    {
        (handshake, refusal) = (default, default);
        var headers = context.Request.Headers;
        if (headers.SecWebSocketVersion != Version)
        {
            context.Response.Headers.SecWebSocketVersion = Version;
            context.Response.Headers.Upgrade = Token; // RFC 9110 §15.5.22: a 426 names what it wants
            refusal = Refuse(StatusCodes.Status426UpgradeRequired, "Sec-WebSocket-Version", "only version 13 is spoken here");
            return false;
        }

        var hasKey = !IsExtendedConnect(context);
        var subProtocol = Choose(headers.SecWebSocketProtocol, out var isUnknown);
        if (hasKey && !IsKey(headers.SecWebSocketKey))
            refusal = Refuse(StatusCodes.Status400BadRequest, "Sec-WebSocket-Key", "it must be 16 bytes in base64");
        else if (isUnknown)
            refusal = Refuse(StatusCodes.Status400BadRequest, "Sec-WebSocket-Protocol", $"known are '{JsonName}' and '{CborName}'");
        handshake = new WebSocketHandshake(subProtocol, hasKey ? AcceptOf(headers.SecWebSocketKey.ToString()) : null);
        return refusal.Status == 0;
    }

    /// <summary>Over HTTP/2 the stream of the request carries the frames.</summary>
    public static bool IsExtendedConnect(HttpContext context)
        => context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: Token };

    /// <summary>Sets the head of the answer.</summary>
    public void Set(HttpResponse response)
    {
        response.StatusCode = Accept is null ? StatusCodes.Status200OK : StatusCodes.Status101SwitchingProtocols;
        if (SubProtocol is not null) response.Headers.SecWebSocketProtocol = SubProtocol;
        if (Accept is null) return;
        response.Headers.Connection = "Upgrade";
        response.Headers.Upgrade = Token;
        response.Headers.SecWebSocketAccept = Accept;
    }

    // The client's order is its preference.
    private static string? Choose(StringValues offered, out bool isUnknown)
    {
        var names = offered.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var chosen = Array.Find(names, name => name is JsonName or CborName);
        isUnknown = chosen is null && names.Length > 0;
        return chosen;
    }

    private static string AcceptOf(string key)
    {
#pragma warning disable CA5350 // RFC 6455 wants SHA-1; nothing is kept secret by it
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
#pragma warning restore CA5350
    }

    private static bool IsKey(StringValues key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes + 2];
        return key.Count == 1 && Convert.TryFromBase64String(key[0]!, bytes, out var written) && written == KeyBytes;
    }

    private static Refusal Refuse(int status, string header, string problem)
        => new(status, ByeReason.BadRequest, $"{header}: {problem}.") { Parameter = header };
}
