using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using TelemetryHub.Mqtt;
using TelemetryHub.Server.Feeds.Requests;

namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>What a request says about what it publishes, besides its body.</summary>
/// <param name="Topic">The topic in the path; null when there is none, and the lines of the body name theirs.</param>
/// <param name="IsBatch">The body has one event per line; otherwise it is one.</param>
/// <param name="QoS">With which it is published, unless a line says otherwise.</param>
/// <param name="Retain">Whether it is retained, unless a line says otherwise.</param>
internal sealed record PublishRequest(byte[]? Topic, bool IsBatch, QoS QoS, bool Retain)
{
    private static readonly string[] Names = ["qos", "retain"];

    // The first is what most programs send, the second what is proposed for registration.
    private static readonly string[] LineTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl"];

    /// <summary>Reads path, query and headers; null with what is wrong with them.</summary>
    public static PublishRequest? Read(HttpContext context, out PublishRefusal refusal)
    {
        refusal = default;
        var parameters = new Parameters(context.Request.Query, Names);
        var qos = parameters.One("qos", QoS.AtLeastOnce, TryReadQoS);
        var retain = parameters.All("retain") is [""] || parameters.One<bool>("retain", false, TryReadSwitch);
        if (parameters.Problem is { } problem)
            refusal = new PublishRefusal(StatusCodes.Status400BadRequest, problem.Detail) { Parameter = problem.Parameter };
        else if (context.Request.Headers.ContentEncoding.ToString() is not ("" or "identity"))
            refusal = new PublishRefusal(StatusCodes.Status415UnsupportedMediaType, "A body is taken as it is, not compressed.");
        else if (!TryReadTopic(context, out var topic, out var detail))
            refusal = PublishRefusal.Wrong("topic", detail!);
        else if (topic is null && !IsLines(context.Request))
            refusal = PublishRefusal.Wrong("topic", $"The path names no topic (/events/plant/oven-3/temp), and the body is not {LineTypes[0]}.");
        else
            return new PublishRequest(topic, IsLines(context.Request), qos, retain);
        return null;
    }

    /// <summary>The publish in a line of the body, or in all of it. False with what is wrong with it; null then for a line that is nothing to publish.</summary>
    public bool TryRead(ReadOnlySpan<byte> line, out Publication publication, out string? problem)
    {
        problem = null;
        publication = default;
        if (Topic is not null)
        {
            publication = new Publication(Topic, line) { QoS = QoS, Retain = Retain };
            return true;
        }
        if (!EventLine.TryRead(line, out var read, out problem) || read.IsControl)
            return false;
        publication = new Publication(read.Topic, read.PayloadIn(line)) { QoS = read.QoS ?? QoS, Retain = read.Retain ?? Retain };
        return true;
    }

    // The pattern that was matched says how many segments stand before the topic, also where the application has put us elsewhere.
    private static bool TryReadTopic(HttpContext context, out byte[]? topic, out string? problem)
    {
        (topic, problem) = (null, null);
        var segments = ((RouteEndpoint)context.GetEndpoint()!).RoutePattern.PathSegments;
        if (segments[^1].IsSimple && segments[^1].Parts[0].IsLiteral)
            return true;
        var slashes = segments.Count + (context.Request.PathBase.Value ?? "").Count('/');
        if (!TopicPath.TryRead(RawTarget(context), slashes, out topic, out problem))
            return false;
        if (topic.Length == 0)
            topic = null;
        return true;
    }

    private static string RawTarget(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private static bool IsLines(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && LineTypes.Any(lines => type.MediaType.Equals(lines, StringComparison.OrdinalIgnoreCase));

    private static bool TryReadQoS(string text, out QoS qos, out string? problem)
    {
        (qos, problem) = text switch
        {
            "0" => (QoS.AtMostOnce, (string?)null),
            "1" => (QoS.AtLeastOnce, null),
            "2" => (QoS.ExactlyOnce, null),
            _ => (default, "is none of 0, 1, 2"),
        };
        return problem is null;
    }

    private static bool TryReadSwitch(string text, out bool value, out string? problem)
    {
        value = text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase);
        problem = value || text is "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase) ? null : "is neither true nor false";
        return problem is null;
    }
}
