namespace TelemetryHub.EndToEnd.Tests.Raw;

/// <summary>A control packet as it stood on the wire.</summary>
public sealed record RawPacket(byte FirstByte, byte[] Body)
{
    public override string ToString() => $"{FirstByte:X2} {Convert.ToHexString(Body)}";
}
