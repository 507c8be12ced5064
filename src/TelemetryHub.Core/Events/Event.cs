using TelemetryHub.Core.Access;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Events;

/// <summary>
/// One accepted publish. Immutable once appended, shared by every reader; the bytes are never copied again.
/// </summary>
/// <remarks>
/// An object per event is deliberate: with its payload it is the whole allocation of a forwarded message (see the allocation budget test).
/// </remarks>
public sealed class Event
{
    /// <summary>The topic, with the routes that are cached on it.</summary>
    public required Topic Topic { get; init; }

    /// <summary>The payload as it came. Not to be written to.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>
    /// MQTT 5 properties that travel with the message, encoded as on the wire, without expiry, alias and subscription identifiers.
    /// </summary>
    public byte[]? Properties { get; init; }

    /// <summary>Who published it.</summary>
    public required Principal Publisher { get; init; }

    /// <summary>When the hub took it, in milliseconds of Unix time.</summary>
    public required long Time { get; init; }

    /// <summary>When it stops being worth delivering, in milliseconds of Unix time; 0 = never.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>The QoS it was published with.</summary>
    public QoS QoS { get; init; }

    /// <summary>Whether it replaces the topic's retained message.</summary>
    public bool Retain { get; init; }

    /// <summary>With QoS 2, the number of the session that published it, if that survives a restart; 0 = none.</summary>
    public uint Session { get; init; }

    /// <summary>With <see cref="Session"/>: the packet id that is taken until the publisher releases it. Kept with the event, so that either both are or none.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Its place in the log. Set when it appears in the tail, not before: in a cluster the shared stream decides it.</summary>
    public long Sequence { get; internal set; }

    /// <summary>What it costs in memory, roughly: used for every bound in bytes.</summary>
    public int SizeBytes => Payload.Length + (Properties?.Length ?? 0) + OverheadBytes;

    // The object, the two array headers and the slot that holds it.
    private const int OverheadBytes = 128;
}
