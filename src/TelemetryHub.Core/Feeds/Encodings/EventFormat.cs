namespace TelemetryHub.Core.Feeds.Encodings;

/// <summary>What of an event is written.</summary>
public enum EventFormat : byte
{
    /// <summary>The envelope: topic, time, publisher and the payload.</summary>
    Event,

    /// <summary>The payload alone.</summary>
    Payload,
}
