namespace TelemetryHub.Core.Feeds;

/// <summary>Where a reader begins. The default is now.</summary>
public readonly record struct FeedStart
{
    /// <summary>With what comes from now on.</summary>
    public static FeedStart Live => default;

    /// <summary>With the oldest event that is kept.</summary>
    public static FeedStart Earliest => new() { IsEarliest = true };

    /// <summary>Behind what this reader has seen.</summary>
    public Cursor? Cursor { get; private init; }

    /// <summary>With the first event that the hub took at this time or later.</summary>
    public DateTimeOffset? Time { get; private init; }

    /// <summary>With the oldest event that is kept.</summary>
    public bool IsEarliest { get; private init; }

    /// <summary>What the reader sent as its cursor is not one: it is told so by a reset and goes on live.</summary>
    public bool IsUnknown { get; private init; }

    /// <summary>Behind what this reader has seen.</summary>
    public static FeedStart After(Cursor cursor) => new() { Cursor = cursor };

    /// <summary>With the first event that the hub took at this time or later.</summary>
    public static FeedStart At(DateTimeOffset time) => new() { Time = time };

    /// <summary>A cursor that cannot be read, from somebody who cannot be told by an error (a browser's <c>Last-Event-ID</c>).</summary>
    public static FeedStart Unknown => new() { IsUnknown = true };
}
