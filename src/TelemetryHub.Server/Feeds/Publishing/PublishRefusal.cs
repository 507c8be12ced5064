namespace TelemetryHub.Server.Feeds.Publishing;

/// <summary>Why a publish over HTTP was refused.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Detail">A whole sentence for people.</param>
internal readonly record struct PublishRefusal(int Status, string Detail)
{
    /// <summary>The parameter that is to blame; null when none is.</summary>
    public string? Parameter { get; init; }

    /// <summary>In so many seconds it may be worth another try; 0 = never.</summary>
    public int RetryAfter { get; init; }

    /// <summary>The hub is asked to stop while it reads.</summary>
    public static PublishRefusal Stopping => new(StatusCodes.Status503ServiceUnavailable, "The hub is stopping.") { RetryAfter = 5 };

    /// <summary>Something that the client said is wrong.</summary>
    public static PublishRefusal Wrong(string? parameter, string detail) => new(StatusCodes.Status400BadRequest, detail) { Parameter = parameter };

    /// <summary>What every status but <see cref="PublishStatus.Taken"/> means.</summary>
    public static PublishRefusal Of(PublishStatus status) => status switch
    {
        PublishStatus.Full => new(StatusCodes.Status503ServiceUnavailable, "The hub has no room for more events at the moment.") { RetryAfter = 1 },
        PublishStatus.NotKept => new(StatusCodes.Status507InsufficientStorage, "The hub's disk is full or failing: it would not be kept.") { RetryAfter = 5 },
        PublishStatus.NoTopic => Wrong("topic", "The topic is empty, is not UTF-8, or has '+', '#' or NUL in it."),
        PublishStatus.TopicTooLong => Wrong("topic", "The topic is longer or has more levels than the hub allows (Mqtt:MaxTopicBytes, Mqtt:MaxTopicLevels)."),
        PublishStatus.ReservedTopic => new(StatusCodes.Status403Forbidden, "The topics below '$SYS' are the hub's own.") { Parameter = "topic" },
        PublishStatus.Forbidden => new(StatusCodes.Status403Forbidden, "Publishing to this topic is not allowed.") { Parameter = "topic" },
        PublishStatus.TooLarge => new(StatusCodes.Status413PayloadTooLarge, "It is larger than the hub takes (Mqtt:MaxPacketBytes)."),
        PublishStatus.RetainedFull => new(StatusCodes.Status507InsufficientStorage, "The retained messages have no room for another one (Mqtt:MaxRetainedBytes)."),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "It was not refused."),
    };
}
