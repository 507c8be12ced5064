using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Server.Feeds.Requests;

/// <summary>Why a request gets no events.</summary>
/// <param name="Status">As HTTP says it.</param>
/// <param name="Reason">As a stream says it.</param>
/// <param name="Detail">A whole sentence for people.</param>
internal readonly record struct Refusal(int Status, ByeReason Reason, string Detail)
{
    /// <summary>The parameter that is to blame; null when none is.</summary>
    public string? Parameter { get; init; }

    /// <summary>Coming back with the same request is of no use.</summary>
    public bool IsFinal => Reason is ByeReason.BadRequest or ByeReason.Forbidden;

    /// <summary>What was asked for is wrong, or not allowed.</summary>
    public static Refusal Of(RequestProblem problem) =>
        new(problem.Reason == ByeReason.Forbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest, problem.Reason, problem.Detail)
        {
            Parameter = problem.Parameter,
        };

    /// <summary>A web page of an origin that is not allowed.</summary>
    public static Refusal OfOrigin(string origin) => new(
        StatusCodes.Status403Forbidden, ByeReason.Forbidden, $"Web pages of {Parameters.Shown(origin)} may not use this hub (Feeds:AllowedOrigins).");

    /// <summary>A request for somebody of another name.</summary>
    public static Refusal OfHost(string? host) => new(
        StatusCodes.Status421MisdirectedRequest,
        ByeReason.Forbidden,
        $"This hub is not known as {Parameters.Shown(host ?? "")}: a proxy's name for it has to be among the origins in Feeds:AllowedOrigins.");

    /// <summary>The door is closed for now.</summary>
    public static Refusal OfDoor(ByeReason reason) => new(
        StatusCodes.Status503ServiceUnavailable,
        reason,
        reason == ByeReason.Shutdown ? "The hub is stopping." : "The hub has as many readers as it may have (Feeds:MaxReaders).");
}
