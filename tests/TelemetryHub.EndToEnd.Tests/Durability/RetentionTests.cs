using System.Globalization;
using System.Text.RegularExpressions;
using TelemetryHub.EndToEnd.Tests.OwnClient;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>The journal is smaller than what waits for a session.</summary>
public sealed partial class RetentionTests
{
    private const int Count = 30_000;
    private const int PayloadBytes = 500;

    [Fact]
    public async Task What_retention_takes_from_a_queue_is_counted_and_the_rest_is_delivered_in_order()
    {
        await using var hub = new RestartableHub(null, "Journal:MaxBytes=4MiB", "Journal:SegmentBytes=1MiB");
        await hub.StartAsync();
        var absent = ClientOptions.For(hub.Mqtt.Port) with { ClientId = "absent", CleanStart = false, SessionExpirySeconds = 3600 };
        await using (var client = await absent.ConnectAsync()) await client.FollowAsync("queued");
        using (var publisher = new BulkPublisher(hub.Mqtt)) publisher.Publish("queued", Count, PayloadBytes);

        await Patience.For(hub.Program.Errors.FirstAsync(1, line => ReportedIn(line) > 0), "the first report");
        await using var back = await absent.ConnectAsync();
        var (received, last) = (0, -1);
        for (; last < Count - 1; received++)
        {
            var number = BulkPublisher.NumberOf((await back.NextAsync()).Payload.Span);
            number.ShouldBeGreaterThan(last);
            last = number;
        }

        // In one line or in several.
        var (missing, reported) = (Count - received, 0);
        await Patience.For(hub.Program.Errors.FirstAsync(1, line => (reported += ReportedIn(line)) >= missing), $"{missing} reported");
        reported.ShouldBe(missing);
    }

    private static int ReportedIn(string line) =>
        Report().Match(line) is { Success: true } match ? int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@" WRN .*Retention took (?<count>\d+) queued messages of 1 sessions")]
    private static partial Regex Report();
}
