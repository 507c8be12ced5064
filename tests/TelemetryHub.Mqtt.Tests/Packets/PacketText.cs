using System.Text;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>Everything that a packet says, as text: two packets are equal when their texts are.</summary>
internal static class PacketText
{
    public static string Of(ConnectPacket p) =>
        $"connect {p.Version} bridge={p.IsBridge} clean={p.CleanStart} alive={p.KeepAlive} id={Hex(p.ClientId)} "
        + $"will={p.HasWill} {p.WillQoS} {p.WillRetain} {Hex(p.WillTopic)} {Hex(p.WillPayload)} [{Of(p.WillProperties)}] "
        + $"user={p.HasUserName} {Hex(p.UserName)} password={p.HasPassword} {Hex(p.Password)} [{Of(p.Properties)}]";

    public static string Of(ConnAckPacket p) => $"connack present={p.SessionPresent} {p.Reason} [{Of(p.Properties)}]";

    public static string Of(PublishPacket p) =>
        $"publish dup={p.Dup} {p.QoS} retain={p.Retain} id={p.PacketId} {Hex(p.Topic)} {Hex(p.Payload)} [{Of(p.Properties)}]";

    public static string Of(AckPacket p) => $"{p.Type} id={p.PacketId} {p.Reason} [{Of(p.Properties)}]";

    public static string Of(SubscribePacket p)
    {
        var text = new StringBuilder($"subscribe id={p.PacketId} [{Of(p.Properties)}]");
        var count = 0;
        foreach (var entry in p.Entries)
        {
            count++;
            text.Append($" {Hex(entry.Filter)} {entry.QoS} local={!entry.NoLocal}")
                .Append($" published={entry.RetainAsPublished} {entry.RetainHandling}");
        }

        p.Entries.Count.ShouldBe(count);
        return text.ToString();
    }

    public static string Of(UnsubscribePacket p)
    {
        var text = new StringBuilder($"unsubscribe id={p.PacketId} [{Of(p.Properties)}]");
        var count = 0;
        foreach (var filter in p.Entries)
        {
            count++;
            text.Append($" {Hex(filter)}");
        }

        p.Entries.Count.ShouldBe(count);
        return text.ToString();
    }

    public static string Of(SubAckPacket p) => $"suback id={p.PacketId} {Hex(p.Reasons)} [{Of(p.Properties)}]";

    public static string Of(UnsubAckPacket p) => $"unsuback id={p.PacketId} {Hex(p.Reasons)} [{Of(p.Properties)}]";

    public static string Of(DisconnectPacket p) => $"disconnect {p.Reason} [{Of(p.Properties)}]";

    public static string Of(AuthPacket p) => $"auth {p.Reason} [{Of(p.Properties)}]";

    public static string Of(PropertyList properties)
    {
        var text = new StringBuilder();
        var bytes = 0;
        foreach (var property in properties)
        {
            bytes += property.Encoded.Length;
            text.Append($"{property.Id}={property.Number}:{Hex(property.Bytes)}:{Hex(property.Value)} ");
        }

        bytes.ShouldBe(properties.Raw.Length);
        return text.ToString();
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
}
