namespace TelemetryHub.EndToEnd.Tests.Raw;

/// <summary>Checks what was read against bytes in <see cref="RawPacket"/>'s notation.</summary>
internal static class PacketExpectation
{
    /// <summary>Fails on another packet, and on none at all.</summary>
    public static void ShouldBePacket(this RawPacket? packet, string expected, string? otherwise = null) =>
        (packet?.ToString() ?? "closed").ShouldBe(expected, otherwise);
}
