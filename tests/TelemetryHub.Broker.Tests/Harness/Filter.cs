namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>One entry of a SUBSCRIBE. A string that need not be a valid filter.</summary>
internal sealed record Filter(string Text, int QoS = 0, bool NoLocal = false, bool RetainAsPublished = false, int RetainHandling = 0)
{
    public int Options => QoS | (NoLocal ? 4 : 0) | (RetainAsPublished ? 8 : 0) | (RetainHandling << 4);

    public static implicit operator Filter(string text) => new(text);
}
