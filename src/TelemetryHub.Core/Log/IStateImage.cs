namespace TelemetryHub.Core.Log;

/// <summary>
/// The state of one part of the hub as its records in the log make it, without the part itself running. Two uses, one code: what a start
/// recovers, and what is written as a snapshot from time to time. One thread at a time.
/// </summary>
/// <remarks>
/// Records come in the order in which they were appended, but a stretch of them may come twice (after a disk failure): applying it again must change
/// nothing. A record that cannot be understood is an <see cref="InvalidDataException"/>.
/// </remarks>
public interface IStateImage
{
    /// <summary>Whose state it is.</summary>
    StatePart Part { get; }

    /// <summary>Takes one record of the part into account.</summary>
    void Apply(ReadOnlySpan<byte> record);

    /// <summary>An event that a session published with QoS 2 is in the log: its packet id is taken until a record says that it is released.</summary>
    void Received(uint session, ushort packetId);

    /// <summary>Writes everything, as blocks that <see cref="Read"/> takes one by one; each call of <paramref name="write"/> gives one block of at most some 64 KiB unless a single thing is larger.</summary>
    void Write(SnapshotBlock write);

    /// <summary>Takes one block that <see cref="Write"/> gave.</summary>
    void Read(ReadOnlySpan<byte> block);
}
