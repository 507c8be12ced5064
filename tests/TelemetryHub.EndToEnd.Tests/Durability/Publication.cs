using System.Globalization;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>A message that a publisher sent, and when it was acknowledged (PUBACK or PUBCOMP). Times as <see cref="Clock"/>.</summary>
internal sealed record Publication(string Stream, int Number, string Topic, TimeSpan Sent, TimeSpan? Acknowledged)
{
    /// <summary>The name of a stream ends with its QoS.</summary>
    public bool IsExactlyOnce => Stream.EndsWith("/2", StringComparison.Ordinal);

    // published <stream> <number> <topic> <sent> <acknowledged, or 0>
    public static IEnumerable<Publication> Read(IEnumerable<string> lines) =>
        from line in lines
        let words = line.Split(' ')
        where words[0] == "published"
        let acknowledged = Clock.Parse(words[5])
        select new Publication(words[1], int.Parse(words[2], CultureInfo.InvariantCulture), words[3], Clock.Parse(words[4]),
            acknowledged == TimeSpan.Zero ? null : acknowledged);
}
