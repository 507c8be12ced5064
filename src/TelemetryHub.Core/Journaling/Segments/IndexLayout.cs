namespace TelemetryHub.Core.Journaling.Segments;

/// <summary>
/// Where the parts of an index begin, counted from behind its header. The core is read as a whole: offsets, times, topics, publishers, names, the
/// publishers' frames, states. The postings behind it are read topic by topic.
/// </summary>
internal readonly struct IndexLayout
{
    /// <summary>Name offset and length, count of events, offset, length and checksum of the postings: each a u32.</summary>
    public const int TopicBytes = 6 * sizeof(uint);

    public IndexLayout(in IndexHeader header)
    {
        checked
        {
            var sequences = (int)header.SequenceCount;
            Times = Blocks(sequences, IndexHeader.OffsetBlock) * sizeof(uint);
            Topics = Times + (Blocks(sequences, Format.SegmentDirectory.TimeBlock) * sizeof(long));
            Publishers = Topics + (header.TopicCount * TopicBytes);
            Names = Publishers + (header.PublisherCount * sizeof(uint));
            PublisherFrames = Names + header.NamesBytes;
            States = PublisherFrames + header.PublishersBytes;
            CoreBytes = States + header.StatesBytes;
        }
    }

    /// <summary>The latest time up to the end of each block of events: i64.</summary>
    public int Times { get; }

    /// <summary>The topics by number.</summary>
    public int Topics { get; }

    /// <summary>Where each publisher's frame begins in those frames: u32; all ones when damage took it.</summary>
    public int Publishers { get; }

    public int Names { get; }

    /// <summary>The bodies of the publishers' frames, each behind its length as a varint.</summary>
    public int PublisherFrames { get; }

    /// <summary>The offsets of frames that matter for the state: differences as varints.</summary>
    public int States { get; }

    public int CoreBytes { get; }

    private static int Blocks(int sequences, int size) => (int)(((long)sequences + size - 1) / size);
}
