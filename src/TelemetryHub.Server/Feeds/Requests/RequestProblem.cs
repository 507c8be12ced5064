using TelemetryHub.Core.Feeds.Control;

namespace TelemetryHub.Server.Feeds.Requests;

/// <summary>What is wrong with a request for events.</summary>
/// <param name="Parameter">Which parameter is to blame.</param>
/// <param name="Detail">A whole sentence for people.</param>
/// <param name="Reason">Whether it is wrong or not allowed.</param>
internal readonly record struct RequestProblem(string Parameter, string Detail, ByeReason Reason = ByeReason.BadRequest);
