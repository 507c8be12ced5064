using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Events;

/// <summary>Lets a dictionary keyed by topic name be asked with the bytes of a packet, without making a name first.</summary>
internal sealed class TopicNameComparer : IEqualityComparer<TopicName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, TopicName>
{
    public static readonly TopicNameComparer Instance = new();

    public bool Equals(TopicName x, TopicName y) => x.Equals(y);

    public int GetHashCode(TopicName name) => name.GetHashCode();

    public bool Equals(ReadOnlySpan<byte> alternate, TopicName other) => alternate.SequenceEqual(other.Utf8);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => Utf8Comparer.Instance.GetHashCode(alternate);

    public TopicName Create(ReadOnlySpan<byte> alternate) =>
        TopicName.TryParse(alternate, out var name) ? name : throw new ArgumentException("Not a topic name.", nameof(alternate));
}
