using System.Text.Json;

namespace TelemetryHub.Browser.Tests.Browsers;

/// <summary>What happened in a tab.</summary>
/// <param name="Type"><c>open</c>, <c>message</c> (an event), <c>gap</c>, <c>error</c>, <c>close</c>, …</param>
/// <param name="Id">The cursor that came with it.</param>
/// <param name="State">Of an EventSource, when it told an error: 0 = it comes back, 2 = it does not.</param>
/// <param name="Data">As parsed JSON.</param>
public sealed record Note(string Type, string? Id, int? State, JsonElement Data)
{
    public const int Connecting = 0;
    public const int Closed = 2;

    /// <summary>The payload of an event, as text.</summary>
    public string Payload => Data.GetProperty("payload").ToString();
}
