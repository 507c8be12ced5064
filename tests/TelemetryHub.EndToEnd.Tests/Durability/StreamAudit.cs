namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>
/// Compares what publishers sent with what a subscriber got that was to get everything. In each stream (one publisher, one QoS)
/// every number has to come, in order; with QoS 2 once, with QoS 1 again only after it came before, which an outage may bring about.
/// </summary>
internal sealed class StreamAudit
{
    private readonly List<string> problems = [];

    private StreamAudit()
    {
    }

    /// <summary>How many QoS 1 messages came again.</summary>
    public int Repeats { get; private set; }

    /// <summary>What is wrong, in words; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems => problems;

    public static StreamAudit Of(IEnumerable<Publication> publications, IEnumerable<Arrival> arrivals)
    {
        var audit = new StreamAudit();
        var streams = arrivals.ToLookup(arrival => arrival.Stream);
        foreach (var stream in publications.GroupBy(publication => publication.Stream))
            audit.Compare([.. stream], streams[stream.Key]);
        return audit;
    }

    private void Compare(Publication[] sent, IEnumerable<Arrival> arrivals)
    {
        var next = 0;
        foreach (var arrival in arrivals)
        {
            if (arrival.Number is not { } number || number >= sent.Length || !Matches(arrival, sent[number]))
            {
                problems.Add($"{Where(arrival)} something came that nobody sent: {arrival}");
            }
            else if (number < next)
            {
                Repeats++;
                if (arrival.Qos == 2) problems.Add($"{Where(arrival)} {Describe(sent[number])} came again, after {next - 1}");
            }
            else
            {
                for (; next < number; next++) problems.Add($"{Where(arrival)} {number} came, and before it is missing {Describe(sent[next])}");
                next++;
            }
        }

        for (; next < sent.Length; next++) problems.Add($"missing at the end: {Describe(sent[next])}");
    }

    // The last level but one of a topic is the QoS.
    private static bool Matches(Arrival arrival, Publication publication) =>
        arrival.Topic == publication.Topic && publication.Stream.EndsWith($"/{arrival.Qos}", StringComparison.Ordinal);

    private static string Where(Arrival arrival) => $"at {arrival.Time.TotalSeconds:F3}";

    private static string Describe(Publication publication) =>
        $"{publication.Topic} {publication.Number}, sent at {publication.Sent.TotalSeconds:F3}, "
        + (publication.Acknowledged is { } time ? $"acknowledged at {time.TotalSeconds:F3}" : "not acknowledged");
}
