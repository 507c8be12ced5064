namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>What the hub answers to a message.</summary>
/// <param name="Type"><c>ack</c>, <c>error</c> or <c>pong</c>.</param>
/// <param name="Ref">The message's ref as the client encoded it; empty = it had none.</param>
internal readonly record struct Answer(string Type, byte[] Ref)
{
    private static readonly string[] CodeNames = [.. Enum.GetNames<ErrorCode>().Select(name => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name))];

    /// <summary>Further fields: names and texts, in order.</summary>
    public (string Name, string Value)[] Fields { get; private init; } = [];

    public bool IsError { get; private init; }

    public static Answer Pong(byte[] @ref) => new("pong", @ref);

    public static Answer Ack(byte[] @ref, params (string Name, string Value)[] fields) => new("ack", @ref) { Fields = fields };

    public static Answer Error(byte[] @ref, MessageProblem problem)
        => new("error", @ref) { Fields = [("code", NameOf(problem.Code)), ("message", problem.Message)], IsError = true };

    /// <summary>As it stands on the wire.</summary>
    public static string NameOf(ErrorCode code) => CodeNames[(int)code];
}
