using System.Globalization;
using System.Text.Json;
using TelemetryHub.EndToEnd.Tests.Brokers;

namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>An event of the journal, as <c>journal dump</c> prints it.</summary>
internal sealed record DumpedEvent(long Sequence, string Topic)
{
    /// <summary>All events of a data directory that match the filter, in the order of the dump.</summary>
    public static async Task<DumpedEvent[]> ReadAsync(string data, string filter)
    {
        var result = await HubProgram.RunToolAsync("journal", "dump", $"--topic={filter}", $"--Hub:Data={data}");
        return [.. result.ShouldSucceed().Output.Select(Parse)];
    }

    // {"id":"<epoch>-<sequence>","topic":…,…}
    private static DumpedEvent Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var id = json.RootElement.GetProperty("id").GetString()!;
        return new DumpedEvent(
            long.Parse(id[(id.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture),
            json.RootElement.GetProperty("topic").GetString()!);
    }
}
