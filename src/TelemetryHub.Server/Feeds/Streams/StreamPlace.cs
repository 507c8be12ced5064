namespace TelemetryHub.Server.Feeds.Streams;

/// <summary>What all streams have in common, so that each of them holds one reference.</summary>
internal sealed class StreamPlace(Admission admission, StreamUpkeep upkeep, RetryTimes retries, FeedsOptions options)
{
    /// <summary>Where a stream says that it has gone.</summary>
    public Admission Admission => admission;

    /// <summary>What looks after open streams.</summary>
    public StreamUpkeep Upkeep => upkeep;

    /// <summary>After which time readers come back.</summary>
    public RetryTimes Retries => retries;

    /// <summary>A peer that takes nothing for this long is cut.</summary>
    public double WriteTimeoutMilliseconds { get; } = options.WriteTimeout.TotalMilliseconds;
}
