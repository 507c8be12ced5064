namespace TelemetryHub.Mqtt.Packets;

/// <summary>The fixed header: what the packet is, and how many bytes belong to it.</summary>
public readonly struct PacketHeader
{
    internal PacketHeader(byte first, int headerBytes, int bodyBytes)
    {
        First = first;
        HeaderBytes = headerBytes;
        BodyBytes = bodyBytes;
    }

    public PacketType Type => (PacketType)(First >> 4);

    public byte Flags => (byte)(First & 0x0F);

    /// <summary>2 to 5.</summary>
    public int HeaderBytes { get; }

    public int BodyBytes { get; }

    public int TotalBytes => HeaderBytes + BodyBytes;

    private byte First { get; }

    /// <summary>
    /// Whether the version allows the remaining length as it was written. MQTT 5 §1.5.5 demands the fewest bytes; before, clients
    /// may reserve four bytes and fill them in later, and some do.
    /// </summary>
    public ProtocolFault CheckLength(MqttVersion version) =>
        version == MqttVersion.V5 && HeaderBytes - 1 != VariableInteger.Size((uint)BodyBytes)
            ? ProtocolFault.RemainingLengthNotMinimal
            : ProtocolFault.None;
}
