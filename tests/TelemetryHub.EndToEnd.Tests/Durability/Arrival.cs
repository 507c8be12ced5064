using System.Globalization;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>A message that a subscriber got. <paramref name="Number"/> is null when its payload is none that a publisher sent.</summary>
internal sealed record Arrival(string Topic, int? Number, TimeSpan Time, int Qos, bool Repeated)
{
    // message <topic> <number> <time> <qos> <dup> <retain>
    public static IEnumerable<Arrival> Read(IEnumerable<string> lines) =>
        from line in lines
        let words = line.Split(' ')
        where words[0] == "message"
        select new Arrival(
            words[1], words[2] == "?" ? null : int.Parse(words[2], CultureInfo.InvariantCulture), Clock.Parse(words[3]),
            int.Parse(words[4], CultureInfo.InvariantCulture), words[5] == "1");

    /// <summary>The stream that the topic belongs to: all but its last level.</summary>
    public string Stream => Topic[..Topic.LastIndexOf('/')];
}
