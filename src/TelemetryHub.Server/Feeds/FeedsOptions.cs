using TelemetryHub.Core.Feeds;
using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Feeds;

/// <summary>Who reads events over HTTP, and what it may cost: section <c>Feeds</c>.</summary>
public sealed class FeedsOptions : ICheckedOptions
{
    /// <summary>Stands for every origin in <see cref="AllowedOrigins"/>.</summary>
    internal const string AnyOrigin = "*";

    /// <summary>What a browser says of a page that has no origin of its own: from a file, in a sandbox.</summary>
    internal const string NoOrigin = "null";

    [Key("web pages of these origins may read and publish, https://app.example; several with ';' between; * = all, but without credentials")]
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    [Key("streams, sockets, subscriptions on them and long-polls at the same time; more are told to come later", Min = "1")]
    public int MaxReaders { get; init; } = 20_000;

    [Key("topic filters of one reader", Min = "1", Max = "10000")]
    public int MaxFilters { get; init; } = 100;

    [Key("encoded events that one feed keeps for its readers; who is further behind is lapped", Min = "64KiB", Max = "1GiB")]
    public ByteSize RingBytes { get; init; } = ByteSize.MiB(4);

    [Key("the same for all feeds together", Min = "1MiB")]
    public ByteSize MaxBytes { get; init; } = ByteSize.MiB(256);

    [Key("time between heartbeats for readers that ask for no other", Min = "1s", Max = "1h")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    [Key("a reader that takes nothing for this long is closed", Min = "1s", Max = "1h")]
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    [Key("after this time, half more or less, a stream's reader comes back that was cut off", Min = "10ms", Max = "10m")]
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    [Key("largest message on a WebSocket", Min = "1KiB", Max = "64MiB")]
    public ByteSize MaxFrameBytes { get; init; } = ByteSize.KiB(64);

    [Key("subscriptions on one WebSocket", Min = "1", Max = "10000")]
    public int MaxSubscriptions { get; init; } = 100;

    [Key("a WebSocket that is silent for this long is asked whether it is there", Min = "1s", Max = "1h")]
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(20);

    [Key("and closed when it is still silent after this time", Min = "1s", Max = "1h")]
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Check()
    {
        if (RingBytes > MaxBytes)
            yield return (nameof(RingBytes), $"{RingBytes} is more than MaxBytes ({MaxBytes}), which all feeds have together");

        foreach (var origin in AllowedOrigins.Where(origin => !IsOrigin(origin)))
            yield return (nameof(AllowedOrigins), $"'{origin}' is not an origin (https://app.example, http://localhost:3000, or * for all)");
    }

    /// <summary>The same for the feeds themselves.</summary>
    internal FeedSettings ToSettings() => new() { RingBytes = RingBytes.Bytes, MaxBytes = MaxBytes.Bytes };

    // As browsers write it (RFC 6454 §6.2): compared letter by letter, so that anything else would never match.
    private static bool IsOrigin(string text) => text is AnyOrigin or NoOrigin
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == text && uri.UserInfo.Length == 0);
}
