using System.Text;
using TelemetryHub.Mqtt;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Broker.Tests.Harness;

/// <summary>
/// A packet as the broker sent it. <see cref="ToString"/> says everything that it says, so that a test compares one line:
/// <c>PUBLISH a/b=hello q1 id=7 dup retain {ContentType=text}</c>, <c>PUBACK id=7 0x10</c>, <c>SUBACK id=1 00 8F</c>.
/// </summary>
internal sealed record WirePacket(PacketType Type)
{
    public ushort PacketId { get; init; }

    public ReasonCode Reason { get; init; }

    public bool IsPresent { get; init; }

    public QoS QoS { get; init; }

    public bool Dup { get; init; }

    public bool Retain { get; init; }

    public string Topic { get; init; } = "";

    public byte[] Payload { get; init; } = [];

    public byte[] Reasons { get; init; } = [];

    public byte[] RawProperties { get; init; } = [];

    /// <summary>Everything on the wire, the header included.</summary>
    public int TotalBytes { get; init; }

    public string Text => Encoding.UTF8.GetString(Payload);

    public List<uint> Numbers(PropertyId id)
    {
        List<uint> numbers = [];
        foreach (var property in PropertyList.FromValidated(RawProperties))
        {
            if (property.Id == id)
                numbers.Add(property.Number);
        }
        return numbers;
    }

    public uint? Number(PropertyId id) => Numbers(id) is [var first, ..] ? first : null;

    public byte[]? Bytes(PropertyId id) => PropertyList.FromValidated(RawProperties).TryGetBytes(id, out var bytes) ? bytes.ToArray() : null;

    public string? String(PropertyId id) => Bytes(id) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public override string ToString()
    {
        var text = new StringBuilder(Type.ToString().ToUpperInvariant());
        if (Type == PacketType.Publish)
            text.Append($" {Topic}={Text} q{(int)QoS}");
        if (PacketId != 0)
            text.Append($" id={PacketId}");
        if (Reason != ReasonCode.Success)
            text.Append($" 0x{(byte)Reason:X2}");
        text.Append(Dup ? " dup" : "").Append(Retain ? " retain" : "").Append(IsPresent ? " present" : "");
        foreach (var reason in Reasons)
            text.Append($" {reason:X2}");
        return text.Append(PropertiesText()).ToString();
    }

    private string PropertiesText()
    {
        List<string> parts = [];
        foreach (var property in PropertyList.FromValidated(RawProperties))
        {
            var text = Encoding.UTF8.GetString(property.Bytes);
            parts.Add(property.Id == PropertyId.UserProperty ? $"{text}:{Encoding.UTF8.GetString(property.Value)}"
                : $"{property.Id}={(property.Bytes.IsEmpty ? property.Number.ToString() : text)}");
        }
        return parts.Count == 0 ? "" : $" {{{string.Join(", ", parts)}}}";
    }
}
