namespace TelemetryHub.Broker.Links;

/// <summary>Where the one outstanding read (or flush) of a pipe stands.</summary>
internal enum PipeOperation : byte
{
    /// <summary>Not begun.</summary>
    None,

    /// <summary>Begun; its completion comes from another thread.</summary>
    Pending,

    /// <summary>Completed; its result has not been taken.</summary>
    Ready,
}
