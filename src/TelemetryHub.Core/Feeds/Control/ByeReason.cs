namespace TelemetryHub.Core.Feeds.Control;

/// <summary>Why the hub ends a stream.</summary>
public enum ByeReason : byte
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>The hub stops; come back.</summary>
    Shutdown,

    /// <summary>The reader was too slow and asked to be closed then (<c>overflow=close</c>).</summary>
    Slow,

    /// <summary>The hub has too much to do; come back later.</summary>
    Overload,

    /// <summary>The hub could not go on with this stream because of a fault of its own; come back.</summary>
    Failed,

    /// <summary>The request was wrong; do not come back with the same.</summary>
    BadRequest,

    /// <summary>Not allowed, or not any more.</summary>
    Forbidden,
}
