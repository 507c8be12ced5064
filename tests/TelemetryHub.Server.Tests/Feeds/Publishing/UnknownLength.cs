namespace TelemetryHub.Server.Tests.Feeds.Publishing;

/// <summary>Bytes whose number is not known before they have been read.</summary>
internal sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;
}
