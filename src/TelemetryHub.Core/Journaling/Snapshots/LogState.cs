using TelemetryHub.Core.Access;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Journaling.Snapshots;

/// <summary>
/// The state of the hub as the log makes it up to some point: the retained messages, and the images of the parts that have records in it. What a
/// snapshot holds and a start recovers. One thread.
/// </summary>
internal sealed class LogState
{
    private const StatePart RetainedPart = 0; // in snapshots only: retained messages have no records, they are events

    private readonly Dictionary<StatePart, IStateImage> _images;

    public LogState(IEnumerable<Func<IStateImage>> parts) => _images = parts.Select(make => make()).ToDictionary(image => image.Part);

    public RetainedImage Retained { get; } = new();

    /// <summary>
    /// The state of the newest snapshot that is whole, and the segment from which on the log must be applied to it; an empty state when there
    /// is none.
    /// </summary>
    public static LogState Recover(IDisk disk, string directory, IReadOnlyList<Func<IStateImage>> parts, IReadOnlyList<long> snapshots, out long from)
    {
        for (var i = snapshots.Count - 1; i >= 0; i--)
        {
            var state = new LogState(parts);
            from = snapshots[i];
            if (SnapshotFile.TryRead(disk, directory, from, state))
                return state;
        }
        from = 0;
        return new LogState(parts);
    }

    /// <summary>The image of a part.</summary>
    public IStateImage Of(StatePart part) => _images.TryGetValue(part, out var image)
        ? image
        : throw new InvalidDataException($"There are records of a part that this version does not know ({part}): a later version has written them.");

    /// <summary>Takes an event into account that <see cref="EventFrame.IsState"/>.</summary>
    public void Apply(in EventFrame frame, TopicName topic, Principal publisher)
    {
        if ((frame.Flags & EventFlags.Retain) != 0)
            Retained.Apply(frame, topic, publisher);
        if (frame.Session != 0)
            Of(StatePart.Sessions).Received(frame.Session, frame.PacketId);
    }

    /// <summary>Takes the entries of a state frame into account.</summary>
    public void Apply(ReadOnlySpan<byte> stateFrame)
    {
        var entries = new StateEntries(stateFrame);
        while (entries.Read())
            Of(entries.Part).Apply(entries.Record);
        if (entries.IsMalformed)
            throw new InvalidDataException("A state frame is not what its checksum says: a bug wrote it.");
    }

    /// <summary>Gives everything, in blocks.</summary>
    public void Write(Action<StatePart, ReadOnlySpan<byte>> write)
    {
        Retained.Write(block => write(RetainedPart, block));
        foreach (var image in _images.Values)
            image.Write(block => write(image.Part, block));
    }

    /// <summary>Takes a block that <see cref="Write"/> gave.</summary>
    public void Read(StatePart part, ReadOnlySpan<byte> block)
    {
        if (part == RetainedPart)
            Retained.Read(block);
        else
            Of(part).Read(block);
    }
}
