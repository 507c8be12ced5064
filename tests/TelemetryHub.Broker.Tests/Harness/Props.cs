using System.Collections;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>Properties to send, written as a collection: <c>new() { { SessionExpiryInterval, 60 }, { ContentType, "text" } }</c>.</summary>
internal sealed class Props : IEnumerable
{
    private byte[] _encoded = [];

    public ReadOnlySpan<byte> Encoded => _encoded;

    public static PropertyList ListOf(Props? props) => PropertyList.FromValidated(props is null ? default : props.Encoded);

    public void Add(PropertyId id, long value) => Append((ref PropertyWriter writer) => writer.Number(id, (uint)value));

    public void Add(PropertyId id, string value) => Append((ref PropertyWriter writer) => writer.Text(id, value));

    public void Add(PropertyId id, byte[] value) => Append((ref PropertyWriter writer) => writer.Text(id, value));

    public void Add(string name, string value) => Append((ref PropertyWriter writer) => writer.UserProperty(name, value));

    IEnumerator IEnumerable.GetEnumerator() => _encoded.GetEnumerator();

    private void Append(WriteProperty write)
    {
        var writer = new PropertyWriter(stackalloc byte[256]);
        write(ref writer);
        _encoded = [.. _encoded, .. writer.Written];
        writer.Dispose();
    }

    private delegate void WriteProperty(ref PropertyWriter writer);
}
