namespace TelemetryHub.Broker.Links;

/// <summary>What a handler has left after it filled an output buffer.</summary>
public enum FillResult : byte
{
    /// <summary>Nothing is waiting any more.</summary>
    Empty,

    /// <summary>The budget ended first; call again when these bytes are out.</summary>
    More,

    /// <summary>These are the last bytes: send them, then close.</summary>
    Close,
}
