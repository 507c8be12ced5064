namespace TelemetryHub.Broker.Tests.Recovery;

/// <summary>A session as anybody would write it down.</summary>
internal sealed class NaiveSession
{
    public uint Number { get; init; }

    public string ClientId { get; init; } = "";

    public string? User { get; set; }

    public uint ExpirySeconds { get; set; }

    public int Window { get; set; }

    public long? ClosedAt { get; set; }

    public string Will { get; set; } = "none";

    public Dictionary<string, string> Subscriptions { get; init; } = [];

    public List<NaiveDelivery> Deliveries { get; init; } = [];

    public long NextOrdinal { get; set; }

    /// <summary>As the records say it.</summary>
    public long SentUpTo { get; set; }

    public long LastSequence { get; set; }

    public HashSet<ushort> Received { get; init; } = [];

    /// <summary>With what a connected session may have sent.</summary>
    public string Describe()
    {
        var recorded = SentUpTo;
        if (ClosedAt is null && Deliveries.Count > 0)
            SentUpTo = Math.Max(SentUpTo, Deliveries[Math.Min(Window, Deliveries.Count) - 1].Ordinal + 1);
        var lines = Lines();
        SentUpTo = recorded;
        return lines;
    }

    public string Lines() => string.Join("\n  ", [
        $"{Number} {ClientId} {User} {ExpirySeconds} {Window} closed {ClosedAt} will {Will}",
        $"next {NextOrdinal} sent {SentUpTo} last {LastSequence} received {string.Join(' ', Received.Order())}",
        .. Subscriptions.Values.Order(StringComparer.Ordinal),
        .. Deliveries.Select(delivery => delivery.ToString()),
    ]);
}
