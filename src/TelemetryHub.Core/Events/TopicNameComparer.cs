using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Events;

/// <summary>Lets a dictionary keyed by topic name be asked with the bytes of a packet, without making a name first.</summary>
internal sealed class TopicNameComparer : IEqualityComparer<TopicName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, TopicName>
{
    public static readonly TopicNameComparer Instance = new();

    public bool Equals(TopicName x, TopicName y) => x.Equals(y);

    public int GetHashCode(TopicName name) => GetHashCode(name.Utf8);

    public bool Equals(ReadOnlySpan<byte> alternate, TopicName other) => alternate.SequenceEqual(other.Utf8);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        // HashCode is seeded per process: a client cannot choose names that collide.
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public TopicName Create(ReadOnlySpan<byte> alternate) =>
        TopicName.TryParse(alternate, out var name) ? name : throw new ArgumentException("Not a topic name.", nameof(alternate));
}
